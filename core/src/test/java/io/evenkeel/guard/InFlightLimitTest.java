package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints have no more calls in flight than they may. */
final class InFlightLimitTest {
  private static final int LIMIT = 5;

  /** Picks that run at the same moment may each see the last free place. */
  private static final int THREADS = 4;

  private final Queue<Status> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger succeeded = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_request", "ring_hash"})
  void calls_asManyAsThereArePlaces_fillEveryEndpoint(String policy) {
    Slow[] slow = slow(3);
    try (Fleet fleet = limited(policy, slow)) {
      start(fleet, 3 * LIMIT, CallOptions.DEFAULT);
      awaitHeld(3 * LIMIT, slow);

      assertThat(slow).allMatch(server -> server.held.size() == LIMIT);
      assertThat(refused).isEmpty();
    }
  }

  @Test
  void calls_allEndpointsAreFull_failAtOnceAndSayWhy() {
    Slow[] slow = slow(2);
    try (Fleet fleet = limited("round_robin", slow)) {
      start(fleet, 2 * LIMIT, CallOptions.DEFAULT);
      start(fleet, 1, CallOptions.DEFAULT);
      start(fleet, 1, CallOptions.DEFAULT.withWaitForReady());
      Eventually.await("both are refused", () -> refused.size() == 2);

      assertThat(refused)
          .allSatisfy(
              status -> {
                assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(status.getDescription())
                    .contains(fleet.discovery.target())
                    .contains("as many in flight as it may have");
              });
    }
  }

  @Test
  void calls_twoOfThreeAreFull_allGoToTheThird() {
    Slow[] slow = slow(3);
    try (Fleet fleet = limited("round_robin", slow)) {
      start(fleet, 3 * LIMIT, CallOptions.DEFAULT);
      awaitHeld(3 * LIMIT, slow);
      slow[2].answerAll();
      Eventually.await("the third is free", () -> succeeded.get() == LIMIT);

      List<String> served = Echo.calls(20, fleet.channel);

      assertThat(served).containsOnly(slow[2].server.name());
    }
  }

  @Test
  void calls_placesAreGivenBack_areSpreadAgain() {
    Slow[] slow = slow(2);
    try (Fleet fleet = limited("round_robin", slow)) {
      start(fleet, 2 * LIMIT, CallOptions.DEFAULT);
      awaitHeld(2 * LIMIT, slow);
      for (Slow each : slow) {
        each.answerAll();
      }
      Eventually.await("they are answered", () -> succeeded.get() == 2 * LIMIT);

      List<String> served = Echo.calls(20, fleet.channel);

      assertThat(Collections.frequency(served, slow[0].server.name())).isEqualTo(10);
    }
  }

  @Test
  void calls_onManyThreads_exceedTheLimitByFewerThanThey() throws Exception {
    Slow[] slow = slow(2);
    int calls = 10 * LIMIT;
    try (Fleet fleet = limited("round_robin", slow)) {
      startOnThreads(fleet, calls);
      Eventually.await("calls are held or refused", () -> held(slow) + refused.size() == calls);

      assertThat(slow)
          .allMatch(each -> each.held.size() >= LIMIT && each.held.size() < LIMIT + THREADS);
    }
  }

  private static Fleet limited(String policy, Slow[] slow) {
    EchoServer[] servers = new EchoServer[slow.length];
    for (int i = 0; i < slow.length; i++) {
      servers[i] = slow[i].server;
    }
    Map<String, ?> config =
        Map.of("policy", Map.of(policy, Map.of()), "maxInFlightPerEndpoint", (double) LIMIT);
    return new Fleet(config, Map.of(), new Events(), servers);
  }

  private static Slow[] slow(int count) {
    Slow[] slow = new Slow[count];
    for (int i = 0; i < count; i++) {
      slow[i] = new Slow();
    }
    return slow;
  }

  private static int held(Slow... slow) {
    int held = 0;
    for (Slow each : slow) {
      held += each.held.size();
    }
    return held;
  }

  private static void awaitHeld(int calls, Slow... slow) {
    Eventually.await(calls + " calls are held", () -> held(slow) == calls);
  }

  private void start(Fleet fleet, int calls, CallOptions options) {
    for (int i = 0; i < calls; i++) {
      ClientCalls.asyncUnaryCall(fleet.channel.newCall(Echo.SAY, options), "hello", new End());
    }
  }

  private void startOnThreads(Fleet fleet, int calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier together = new CyclicBarrier(THREADS);
    List<Future<?>> starts = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      starts.add(
          threads.submit(
              () -> {
                together.await(10, TimeUnit.SECONDS);
                start(fleet, calls / THREADS, CallOptions.DEFAULT);
                return null;
              }));
    }
    for (Future<?> each : starts) {
      each.get();
    }
    start(fleet, calls % THREADS, CallOptions.DEFAULT);
    threads.shutdownNow();
  }

  /** A server that holds calls until it is told to answer all. */
  private static final class Slow {
    final EchoServer server = EchoServer.netty();
    final Queue<StreamObserver<String>> held = new ConcurrentLinkedQueue<>();

    Slow() {
      server.behave((request, answer) -> held.add(answer));
    }

    void answerAll() {
      server.behave((request, answer) -> server.succeed(answer));
      held.forEach(server::succeed);
    }
  }

  private final class End implements StreamObserver<String> {
    @Override
    public void onNext(String answer) {}

    @Override
    public void onError(Throwable thrown) {
      refused.add(Status.fromThrowable(thrown));
    }

    @Override
    public void onCompleted() {
      succeeded.incrementAndGet();
    }
  }
}
