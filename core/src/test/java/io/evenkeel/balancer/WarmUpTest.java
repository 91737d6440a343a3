package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.grpc.EquivalentAddressGroup;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What new endpoints get while they warm up, under any policy. */
final class WarmUpTest {
  private static final int CALLS = 30_000;
  private static final Duration WINDOW = Duration.ofSeconds(30);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "round_robin",
        "weighted_round_robin",
        "random",
        "weighted_random",
        "least_request",
        "peak_ewma",
        "ring_hash",
        "maglev",
        "rendezvous"
      })
  void newEndpoint_anyPolicy_climbsToItsFullShare(String policy) {
    BalancerFixture fixture = warming(policy);
    fixture.accept(1, 2);
    fixture.readyAll();

    fixture.accept(1, 2, 3);
    fixture.subchannel(3).ready();
    fixture.passCoalescing();
    int first = callsTo(3, fixture);
    int last = first;
    for (int tenth = 1; tenth <= 10; tenth++) {
      fixture.helper.clock().advance(WINDOW.dividedBy(10));
      int next = callsTo(3, fixture);
      assertThat(next).as("after %s tenths", tenth).isGreaterThan(last - CALLS / 50);
      last = Math.max(last, next);
    }

    // At a tenth of its weight it gets a tenth of 2.1; full, a third.
    assertThat(first).isBetween(CALLS * 2 / 100, CALLS * 8 / 100);
    assertThat(last).isBetween(CALLS * 29 / 100, CALLS * 38 / 100);
  }

  @Test
  void oldFleet_newClient_getsFullSharesAtOnce() {
    BalancerFixture fixture = warming("round_robin");

    fixture.accept(1, 2, 3);
    fixture.readyAll();
    fixture.passCoalescing();

    assertThat(callsTo(3, fixture)).isEqualTo(CALLS / 3);
  }

  @Test
  void justStarted_newClient_warmsUpAllTheSame() {
    BalancerFixture fixture = warming("round_robin");
    String started = BalancerFixture.START.minusSeconds(3).toString();

    fixture.accept(plain(1), plain(2), startedAt(3, started));
    fixture.readyAll();
    fixture.passCoalescing();

    assertThat(callsTo(3, fixture)).isLessThan(CALLS * 8 / 100);
  }

  @Test
  void allAreNew_shareAlike() {
    BalancerFixture fixture = warming("round_robin");
    fixture.accept(1);
    fixture.readyAll();

    fixture.accept(2, 3);
    fixture.readyAll();
    fixture.passCoalescing();

    assertThat(callsTo(3, fixture)).isEqualTo(CALLS / 2);
  }

  @Test
  void switchedOff_newEndpoint_getsItsFullShare() {
    BalancerFixture fixture = warming("round_robin");
    fixture.accept(1, 2);
    fixture.readyAll();
    fixture.accept(1, 2, 3);
    fixture.readyAll();

    fixture.config(Map.of()).accept(1, 2, 3);
    fixture.passCoalescing();

    assertThat(callsTo(3, fixture)).isEqualTo(CALLS / 3);
  }

  @Test
  void afterTheWindow_nothingIsLeftToDo() {
    BalancerFixture fixture = warming("round_robin");
    fixture.accept(1, 2);
    fixture.readyAll();
    fixture.accept(1, 2, 3);
    fixture.readyAll();

    fixture.helper.clock().advance(WINDOW.multipliedBy(2));

    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  @Test
  void shutdown_whileWarmingUp_leavesNoTimer() {
    BalancerFixture fixture = warming("round_robin");
    fixture.accept(1);
    fixture.readyAll();
    fixture.accept(1, 2);
    fixture.readyAll();

    fixture.shutdown();

    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  private static BalancerFixture warming(String policy) {
    return new BalancerFixture(new Random(9))
        .config(Map.of("policy", Map.of(policy, Map.of()), "slowStart", Map.of("window", "30s")));
  }

  private static int callsTo(int port, BalancerFixture fixture) {
    List<Integer> picks = fixture.picks(CALLS);
    return Collections.frequency(picks, port);
  }

  private static EquivalentAddressGroup plain(int port) {
    return BalancerFixture.group(port);
  }

  private static EquivalentAddressGroup startedAt(int port, String time) {
    return Endpoint.of(BalancerFixture.address(port))
        .withMetadata(Map.of("started-at", time))
        .toAddressGroup();
  }
}
