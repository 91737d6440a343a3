package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One of ten backends hangs under load: its process is stopped, so that it takes connections and
 * calls and answers none.
 *
 * <p>Calls come at a steady rate that nine could serve as well as ten, without retries, each with a
 * deadline. So what the others could serve is every call, and what they have served is the part of
 * the calls that was answered. Shares of calls are compared, not times, so that a busy machine does
 * not matter.
 */
class HungBackendTest {
  private static final int BACKENDS = 10;
  private static final int CALLS_PER_SECOND = 200;

  /** From when on policies must have noticed: three seconds of calls. */
  private static final int UNNOTICED_CALLS = 3 * CALLS_PER_SECOND;

  /** Several deadlines long, so that the hung backend gets the calls of several attempts. */
  private static final int COUNTED_CALLS = 5 * CALLS_PER_SECOND;

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private static List<String> ids = List.of();
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    ids = IntStream.rangeClosed(1, BACKENDS).mapToObj(i -> "backend-" + i).toList();
    cluster = Cluster.ofOrders(ids.toArray(String[]::new));
  }

  @AfterEach
  void wakeUp() {
    cluster.instance(hung()).signal("CONT");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"least_request", "peak_ewma"})
  void stop_oneOfTen_theOthersServeAtLeastNineteenCallsInTwenty(String policy) throws Exception {
    assertThat(answeredShareWithOneHung(policy)).isGreaterThanOrEqualTo(0.95);
  }

  /** So that the share is known to show a backend that hangs. */
  @Test
  void stop_oneOfTenUnderRoundRobin_itsCallsAreLost() throws Exception {
    assertThat(answeredShareWithOneHung("round_robin")).isLessThan(0.95);
  }

  private static double answeredShareWithOneHung(String policy) throws Exception {
    EvenkeelChannel channel = Evenkeel.channel(addresses()).plaintext().policy(policy).build();
    channel.awaitReady(BACKENDS, Duration.ofSeconds(30));
    try (OrderLoad load = OrderLoad.start(channel, CALLS_PER_SECOND, DEADLINE)) {
      ids.forEach(load::awaitServedBy);

      cluster.instance(hung()).signal("STOP");
      load.awaitStarts(UNNOTICED_CALLS).mark();
      load.awaitStarts(COUNTED_CALLS).stop();

      assertThat(load.servedBy().keySet()).hasSize(BACKENDS - 1).doesNotContain(hung());
      return load.answeredShare();
    } finally {
      channel.shutdownNow();
    }
  }

  /** Not the registry, which would drop the hung backend once its lease has run out. */
  private static String addresses() {
    return ids.stream()
        .map(id -> Cluster.addressOf(cluster.instance(id)))
        .collect(Collectors.joining(",", "fixed:///", ""));
  }

  private static String hung() {
    return ids.get(0);
  }
}
