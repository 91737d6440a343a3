package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.PacedCalls;
import io.grpc.Status;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint answers UNAVAILABLE to everything, and gRPC would try each call five times. */
final class OutageTest {
  /** At so many calls the budget's floor of ten a second is 2 %, which leaves the fifth to show. */
  private static final int PER_SECOND = 500;

  private static final int GOOD = PER_SECOND / 2;
  private static final int OUTAGE = 8 * PER_SECOND;
  private static final int RECOVERY = PER_SECOND;

  static Stream<Arguments> methods() {
    Map<String, ?> alone = Map.of();
    Map<String, ?> ejecting =
        Map.of("outlier", Map.of("baseEjectionTime", "0.5s", "maxEjectionPercent", 50.0));
    return Stream.of(
        Arguments.of(Fleet.retries(5), alone),
        Arguments.of(Fleet.hedges(5, "0.001s"), alone),
        Arguments.of(Fleet.retries(5), ejecting));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everythingFails_furtherAttempts_areAQuarterAtMostAndNoneFailsAfterwards(
      Map<String, ?> methods, Map<String, ?> evenkeel) {
    EchoServer[] servers = Fleet.servers(3);
    try (Fleet fleet = new Fleet(evenkeel, methods, new Events(), servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      calls.pass(GOOD);
      int callsBefore = calls.started();
      int attemptsBefore = fleet.attempts();
      Stream.of(servers).forEach(each -> each.fail(Status.UNAVAILABLE.withDescription("down")));
      calls.pass(OUTAGE);
      double amplification =
          (double) (fleet.attempts() - attemptsBefore) / (calls.started() - callsBefore);
      for (EchoServer server : servers) {
        server.behave((request, answer) -> server.succeed(answer));
      }
      calls.pass(RECOVERY);
      int failedBefore = calls.failures().size();
      calls.pass(RECOVERY);
      calls.finish();

      assertThat(amplification).isBetween(1.1, 1.25);
      assertThat(calls.failures()).hasSize(failedBefore);
    }
  }
}
