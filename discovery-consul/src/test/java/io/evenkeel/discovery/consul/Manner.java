package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.TargetQuery;
import io.evenkeel.discovery.Turns;
import io.evenkeel.testkit.WatchedDiscovery;
import java.net.URI;
import java.time.Duration;

/**
 * How a test watches.
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

  /** Begins to watch the service {@code orders} at {@code agents}, separated by commas. */
  WatchedDiscovery watch(String agents) {
    return watchTarget(agents + "/orders");
  }

  /** Begins to watch {@code agents/service?query}. */
  WatchedDiscovery watchTarget(String agentsAndQuery) {
    URI target = URI.create("consul://" + agentsAndQuery);
    ConsulDiscovery.Setting setting =
        new ConsulDiscovery.Setting(
            ConsulTarget.service(target),
            ConsulFilter.of(TargetQuery.of(target)),
            longPoll,
            answerTimeout);
    return WatchedDiscovery.start(
        context ->
            new ConsulDiscovery(setting, new ConsulAccess(credentials, tls), context, budget));
  }
}
