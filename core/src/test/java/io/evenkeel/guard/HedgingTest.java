package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.PacedCalls;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls.UnaryMethod;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Second attempts of calls whose first one is slow, or has failed. */
final class HedgingTest {
  private static final int PER_SECOND = 250;
  private static final int USUAL_MILLIS = 10;
  private static final int STALL_MILLIS = 400;

  /** Retries and hedges as many as are wanted. */
  private static final Map<String, ?> FREE = Map.of("percent", 1000.0);

  /** None at all. */
  private static final Map<String, ?> NONE = Map.of("percent", 0.0, "minPerSecond", 0.0);

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final EchoServer[] servers = Fleet.servers(3);
  private final Events events = new Events();

  @AfterEach
  void stop() {
    later.shutdownNow();
  }

  @Test
  void percentile_oneOfThreeStallsNowAndThen_hedgesFewAndSavesTheSlowOnes() {
    stallNowAndThen();

    Result plain = run(Map.of("retryBudget", FREE));
    Result late = runUndisturbed(90.0);

    assertThat(plain.hedges()).isGreaterThan(plain.calls() * 9 / 10);
    assertThat(late.hedges()).isLessThan(late.calls() / 4);
    assertThat(late.slow()).isLessThan(late.calls() / 100);
  }

  /** What is cancelled is neither a failure nor a reason to eject. */
  @Test
  void losingHedges_cancelled_ejectNobody() {
    stallNowAndThen();

    Result result = run(Map.of("retryBudget", FREE, "outlier", Map.of("consecutiveFailures", 1.0)));

    assertThat(result.hedges()).isPositive();
    assertThat(events.lost).isEmpty();
  }

  @Test
  void budget_noneLeftForAHedge_theFirstAttemptGoesOn() {
    for (EchoServer server : servers) {
      server.behave(after(USUAL_MILLIS * 5, server));
    }

    Result result = run(Map.of("retryBudget", NONE));

    // A call that runs when counting begins can seem to be an attempt too many.
    assertThat(result.hedges()).isLessThan(result.calls() / 50);
  }

  @Test
  void limit_noEndpointForAHedge_theFirstAttemptGoesOn() {
    EchoServer only = servers[0];
    only.behave(after(USUAL_MILLIS * 5, only));
    try (Fleet fleet =
        new Fleet(Map.of("maxInFlightPerEndpoint", 1.0), Fleet.hedges(2, "0.005s"), events, only)) {

      assertThat(Echo.call(fleet.channel)).isEqualTo(only.name());
    }
  }

  @Test
  void budget_noneLeftForARetry_endsWithTheLastErrorAndTheReasonOnce() {
    try (Fleet fleet = new Fleet(Map.of("retryBudget", NONE), Fleet.retries(5), events, servers)) {
      for (EchoServer server : servers) {
        server.fail(Status.UNAVAILABLE.withDescription("broken"));
      }

      StatusRuntimeException thrown =
          catchThrowableOfType(StatusRuntimeException.class, () -> Echo.call(fleet.channel));

      assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(thrown)
          .hasMessageContaining("broken")
          .hasMessageContaining("retry budget of target \"" + fleet.discovery.target() + "\"");
      assertThat(thrown.getMessage().split("not tried again", -1)).hasSize(2);
      assertThat(thrown.getMessage().split("broken", -1)).hasSize(2);
      assertThat(fleet.attempts()).isEqualTo(1);
    }
  }

  /** What became of the calls after the first second and a half, in which it learns. */
  private record Result(int calls, int hedges, int slow) {}

  /** A machine that stops for a moment makes calls slow, whatever hedges do; not three times. */
  private Result runUndisturbed(double percentile) {
    Map<String, ?> config =
        Map.of("retryBudget", FREE, "hedging", Map.of("percentile", percentile));
    Result result = run(config);
    for (int again = 0; again < 2 && result.slow() >= result.calls() / 100; again++) {
      result = run(config);
    }
    return result;
  }

  private Result run(Map<String, ?> evenkeel) {
    Fleet fleet = new Fleet(evenkeel, Fleet.hedges(2, "0.005s"), events, servers);
    try (PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      calls.pass(PER_SECOND * 3 / 2);
      int callsBefore = calls.started();
      int attemptsBefore = fleet.attempts();
      calls.countSlow(STALL_MILLIS);
      calls.pass(PER_SECOND * 3 / 2);
      calls.finish();
      int counted = calls.started() - callsBefore;

      assertThat(calls.failures()).isEmpty();
      return new Result(counted, fleet.attempts() - attemptsBefore - counted, calls.slow());
    } finally {
      fleet.closeChannel();
    }
  }

  private void stallNowAndThen() {
    for (EchoServer server : servers) {
      server.behave(after(USUAL_MILLIS, server));
    }
    EchoServer slow = servers[0];
    AtomicInteger count = new AtomicInteger();
    UnaryMethod<String, String> usual = after(USUAL_MILLIS, slow);
    UnaryMethod<String, String> stalls = after(STALL_MILLIS, slow);
    slow.behave(
        (request, answer) ->
            (count.incrementAndGet() % 10 == 0 ? stalls : usual).invoke(request, answer));
  }

  private UnaryMethod<String, String> after(int millis, EchoServer server) {
    return (request, answer) -> {
      var unused = later.schedule(() -> server.succeed(answer), millis, TimeUnit.MILLISECONDS);
    };
  }
}
