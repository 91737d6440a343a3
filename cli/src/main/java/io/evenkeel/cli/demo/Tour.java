package io.evenkeel.cli.demo;

import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.demo.OrdersClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Shows what the cluster promises, and checks each promise.
 *
 * <p>Every step is bounded, so the tour is: about ten seconds on a warm machine. For one thread.
 */
final class Tour {
  private static final int FIRST_CALLS = 12;
  private static final int LOAD_CALLS = 600;
  private static final int KILL_AFTER_CALLS = 200;
  private static final long LOAD_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MOST_CALLS_TO_NEWCOMER = 30;
  private static final String VICTIM = DemoCluster.IDS.get(1);

  private final Console console;
  private final DemoCluster cluster;
  private final OrdersClient client;
  private int broken;

  Tour(Console console, DemoCluster cluster) {
    this.console = console;
    this.cluster = cluster;
    this.client = new OrdersClient(cluster.port());
  }

  /** Takes the tour; answers the exit code. */
  int run() throws InterruptedException {
    callTwelveTimes();
    killUnderLoad();
    restart();
    console.line("");
    if (broken > 0) {
      console.line(Console.coloured("@|bold,red Not everything was as told.|@"));
      return ExitCode.FAILED;
    }
    console.line(Console.coloured("@|bold,green Everything was as told.|@"));
    return ExitCode.OK;
  }

  private void callTwelveTimes() {
    heading(FIRST_CALLS + " calls: each service serves as many as the others");
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < FIRST_CALLS; i++) {
      answers.add(client.get().join());
    }
    Map<String, Long> served = print(answers);
    long fairShare = FIRST_CALLS / DemoCluster.IDS.size();
    for (String id : DemoCluster.IDS) {
      check(served.getOrDefault(id, 0L) == fairShare, id + " serves " + fairShare);
    }
  }

  private void killUnderLoad() throws InterruptedException {
    heading(
        "kill -9 %s under %d calls a second: nobody notices"
            .formatted(VICTIM, TimeUnit.SECONDS.toNanos(1) / LOAD_INTERVAL_NANOS));
    List<CompletableFuture<Answer>> calls = new ArrayList<>();
    long startNanos = System.nanoTime();
    for (int i = 0; i < LOAD_CALLS; i++) {
      if (i == KILL_AFTER_CALLS) {
        cluster.kill(VICTIM);
      }
      awaitNanos(startNanos + i * LOAD_INTERVAL_NANOS);
      calls.add(client.get());
    }
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    Map<String, Long> served = print(answers);
    long failed = answers.stream().filter(answer -> !answer.failure().isEmpty()).count();
    check(failed == 0, "of " + LOAD_CALLS + " calls, " + failed + " failed");
    check(
        served.getOrDefault(VICTIM, 0L) < LOAD_CALLS / DemoCluster.IDS.size(),
        VICTIM + " serves no more, the others do");
  }

  private void restart() throws InterruptedException {
    heading(VICTIM + " comes back, on another port: it gets calls again by itself");
    cluster.restart(VICTIM);
    int calls = 1;
    while (!client.get().join().servedBy().equals(VICTIM) && calls < MOST_CALLS_TO_NEWCOMER) {
      calls++;
    }
    boolean reached = calls < MOST_CALLS_TO_NEWCOMER;
    check(reached, "call " + calls + (reached ? " is the newcomer's first" : " is not its own"));
  }

  private void heading(String text) {
    console.line("");
    console.line(Console.coloured("@|bold " + text + "|@"));
  }

  private Map<String, Long> print(List<Answer> answers) {
    Map<String, Long> served = new TreeMap<>();
    Map<String, Long> failures = new TreeMap<>();
    for (Answer answer : answers) {
      if (answer.failure().isEmpty()) {
        served.merge(answer.servedBy(), 1L, Long::sum);
      } else {
        failures.merge(answer.failure(), 1L, Long::sum);
      }
    }
    served.forEach((id, count) -> console.line("  %-20s %5d".formatted(id, count)));
    failures.forEach(
        (failure, count) -> console.line("  failed %5d: %s".formatted(count, failure)));
    return served;
  }

  private void check(boolean asTold, String what) {
    console.line(Console.coloured((asTold ? "  @|green ✓|@ " : "  @|red ✗|@ ") + what));
    if (!asTold) {
      broken++;
    }
  }

  private static void awaitNanos(long dueNanos) throws InterruptedException {
    long leftNanos = dueNanos - System.nanoTime();
    if (leftNanos > 0) {
      TimeUnit.NANOSECONDS.sleep(leftNanos);
    }
  }
}
