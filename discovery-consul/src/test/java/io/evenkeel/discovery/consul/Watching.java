package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.TargetQuery;
import io.evenkeel.discovery.Turns;
import io.evenkeel.testkit.DiscoveryRecorder;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A discovery of the service {@code orders}, with nobody who asks for it again. */
final class Watching implements AutoCloseable {
  private final ExecutorService offload = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final ConsulDiscovery discovery;
  final DiscoveryRecorder seen = new DiscoveryRecorder();

  /**
   * How it watches.
   *
   * @param longPoll how long a blocking query waits
   * @param answerTimeout bound on a plain question
   * @param tls whether to use TLS without a file for it
   */
  record Manner(
      Duration longPoll,
      Duration answerTimeout,
      RegistryCredentials credentials,
      boolean tls,
      ConsulBudget budget) {

    static final Manner PLAIN =
        new Manner(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            RegistryCredentials.NONE,
            false,
            budget(10));

    /** A budget of so many questions that wait. */
    static ConsulBudget budget(int waiting) {
      return new ConsulBudget(new Turns(waiting), new Turns(10), Duration.ofMillis(100));
    }

    Manner withLongPoll(Duration longPoll) {
      return new Manner(longPoll, answerTimeout, credentials, tls, budget);
    }

    Manner withAnswerTimeout(Duration answerTimeout) {
      return new Manner(longPoll, answerTimeout, credentials, tls, budget);
    }

    Manner withCredentials(RegistryCredentials credentials) {
      return new Manner(longPoll, answerTimeout, credentials, tls, budget);
    }

    Manner withTls() {
      return new Manner(longPoll, answerTimeout, credentials, true, budget);
    }

    Manner withBudget(ConsulBudget budget) {
      return new Manner(longPoll, answerTimeout, credentials, tls, budget);
    }
  }

  private Watching(String agentsAndQuery, Manner manner) {
    URI target = URI.create("consul://" + agentsAndQuery);
    this.discovery =
        new ConsulDiscovery(
            new ConsulDiscovery.Setting(
                ConsulTarget.service(target),
                ConsulFilter.of(TargetQuery.of(target)),
                manner.longPoll,
                manner.answerTimeout),
            new ConsulAccess(manner.credentials, manner.tls),
            new DiscoveryContext(offload, scheduler, System::nanoTime, () -> 0.5),
            manner.budget);
  }

  /** Begins to watch the service at {@code agents}, which are separated by commas. */
  static Watching start(String agents) {
    return start(agents, Manner.PLAIN);
  }

  static Watching start(String agents, Manner manner) {
    return startAt(agents + "/orders", manner);
  }

  /** Begins to watch {@code agents/service?query}. */
  static Watching startAt(String target, Manner manner) {
    Watching watching = new Watching(target, manner);
    watching.discovery.start(watching.seen);
    return watching;
  }

  void refresh() {
    discovery.refresh();
  }

  @Override
  public void close() {
    discovery.close();
    offload.shutdown();
    scheduler.shutdown();
  }
}
