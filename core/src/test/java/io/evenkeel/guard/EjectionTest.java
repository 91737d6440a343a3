package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.PacedCalls;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One of five endpoints fails every call at once, over real connections. Calls start at a steady
 * rate, so they are the measure of time.
 */
final class EjectionTest {
  private static final int PER_SECOND = 500;

  /** Calls in the two seconds of an interval. */
  private static final int INTERVAL = 2 * PER_SECOND;

  /**
   * Calls in the second of an ejection, and in one and a half for three calls on probation on a
   * machine that does much else. The next ejection alone would last two.
   */
  private static final int EJECTION = 2 * PER_SECOND + PER_SECOND / 2;

  private final EchoServer[] servers = Fleet.servers(5);
  private final EchoServer bad = servers[0];
  private final Events events = new Events();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "round_robin",
        "weighted_round_robin",
        "random",
        "least_request",
        "peak_ewma",
        "ring_hash"
      })
  void failing_underAnyPolicy_isEjectedAndRevivedAndCostsNoCall(String policy) {
    try (Fleet fleet = new Fleet(ejecting(policy), Fleet.retries(4), events, servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      calls.pass(PER_SECOND / 2);
      int attemptsBefore = bad.calls();
      int failsFrom = calls.started();
      bad.fail(Status.UNAVAILABLE.withDescription("broken"));
      Eventually.await("it is ejected", () -> !events.lost.isEmpty());
      int ejectedAt = calls.started();
      int untilEjected = bad.calls() - attemptsBefore;
      bad.behave((request, answer) -> bad.succeed(answer));
      Eventually.await("it is revived", () -> !events.revived.isEmpty());
      int revivedAt = calls.started();
      calls.pass(PER_SECOND / 2);
      calls.finish();

      assertThat(calls.failures()).isEmpty();
      assertThat(ejectedAt - failsFrom).isLessThanOrEqualTo(INTERVAL);
      assertThat(untilEjected).isLessThanOrEqualTo(INTERVAL / servers.length);
      assertThat(revivedAt - ejectedAt).isLessThanOrEqualTo(EJECTION);
      assertThat(events.lost).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_request", "peak_ewma"})
  void failing_forLong_getsProbesOnly(String policy) {
    try (Fleet fleet = new Fleet(ejecting(policy), Fleet.retries(4), events, servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      bad.fail(Status.UNAVAILABLE.withDescription("broken"));
      Eventually.await("it is ejected", () -> !events.lost.isEmpty());
      int before = bad.calls();
      calls.pass(3 * PER_SECOND);
      calls.finish();

      assertThat(calls.failures()).isEmpty();
      assertThat(bad.calls() - before).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void notFound_toEverything_stays() {
    bad.fail(Status.NOT_FOUND);
    try (Fleet fleet = new Fleet(ejecting("round_robin"), Fleet.retries(4), events, servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      calls.pass(3 * PER_SECOND);
      calls.finish();

      int share = calls.started() / servers.length;
      assertThat(events.lost).isEmpty();
      assertThat(bad.calls()).isBetween(share - 5, share + 5);
    }
  }

  private static Map<String, ?> ejecting(String policy) {
    return Map.of(
        "policy",
        Map.of(policy, Map.of()),
        "outlier",
        Map.of(
            "interval",
            "2s",
            "baseEjectionTime",
            "1s",
            "jitterPercent",
            0.0,
            "successRate",
            Map.of("requestVolume", 10.0),
            "failurePercentage",
            Map.of("requestVolume", 10.0)));
  }
}
