package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.PacedCalls;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every endpoint answers UNAVAILABLE to everything after some good seconds, and gRPC would try each
 * call five times.
 */
final class OutageTest {
  private static final int PER_SECOND = 500;
  private static final int GOOD = 3 * PER_SECOND;
  private static final int RECOVERY = PER_SECOND;

  /** What the budget allows however few calls there are; 2 % of these. */
  private static final int FLOOR_PER_SECOND = 10;

  static Stream<Arguments> methods() {
    Map<String, ?> alone = Map.of();
    Map<String, ?> ejecting =
        Map.of("outlier", Map.of("baseEjectionTime", "0.5s", "maxEjectionPercent", 50.0));
    return Stream.of(
        Arguments.of(Fleet.retries(5), alone, List.of(1, 2, 5, 10)),
        Arguments.of(Fleet.hedges(5, "0.001s"), alone, List.of(1, 2)),
        Arguments.of(Fleet.retries(5), ejecting, List.of(1, 2)));
  }

  /** Looks at what the outage has come to after each of {@code seconds}. */
  @ParameterizedTest
  @MethodSource("methods")
  void everythingFails_furtherAttempts_areAQuarterAtMostAndNoneFailsAfterwards(
      Map<String, ?> methods, Map<String, ?> evenkeel, List<Integer> seconds) {
    EchoServer[] servers = Fleet.servers(3);
    try (Fleet fleet = new Fleet(evenkeel, methods, new Events(), servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      calls.pass(GOOD);
      Outage outage = new Outage(fleet, calls);
      Stream.of(servers).forEach(each -> each.fail(Status.UNAVAILABLE.withDescription("down")));
      seconds.forEach(outage::assertBoundedAfter);
      outage.assertTriedAgain();

      for (EchoServer server : servers) {
        server.behave((request, answer) -> server.succeed(answer));
      }
      calls.pass(RECOVERY);
      int failedBefore = calls.failures().size();
      calls.pass(RECOVERY);
      calls.finish();
      assertThat(calls.failures()).hasSize(failedBefore);
    }
  }

  /** Counts at the servers, from when it is made. */
  private static final class Outage {
    private final Fleet fleet;
    private final PacedCalls calls;
    private final int startedBefore;
    private final int furtherBefore;
    private final int attemptsBefore;

    Outage(Fleet fleet, PacedCalls calls) {
      this.fleet = fleet;
      this.calls = calls;
      startedBefore = calls.started();
      furtherBefore = fleet.furtherAttempts();
      attemptsBefore = fleet.attempts();
    }

    void assertBoundedAfter(int seconds) {
      calls.pass(startedBefore + seconds * PER_SECOND - calls.started());
      int further = fleet.furtherAttempts() - furtherBefore;
      int first = fleet.attempts() - attemptsBefore - further;
      assertThat((double) (further - seconds * FLOOR_PER_SECOND) / first)
          .as("added to the load in %d s beside the floor", seconds)
          .isLessThanOrEqualTo(0.25);
    }

    void assertTriedAgain() {
      assertThat(fleet.furtherAttempts() - furtherBefore).isGreaterThan(PER_SECOND / 10);
    }
  }
}
