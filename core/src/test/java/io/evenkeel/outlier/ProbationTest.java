package io.evenkeel.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.outlier.EndpointRecord.Stage;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How an endpoint comes back, and what results of other times count for, in virtual time. */
final class ProbationTest extends OutlierFixture {
  @Test
  void probation_threeSuccesses_reviveAndTheNextEjectionIsLonger() {
    watch(5);
    Watched bad = endpoints.get(0);

    bad.fail(5);
    pass(Duration.ofSeconds(30));
    bad.succeed(3);
    bad.fail(5);

    assertThat(bad.heard)
        .containsExactly(
            "5 failures in a row, the last UNAVAILABLE: refused; ejected for 30.0 s",
            "probation",
            "revived",
            "5 failures in a row, the last UNAVAILABLE: refused; ejected for 60.0 s, the 2. time");
  }

  @Test
  void probation_answers_askForTheNextCallUntilItHasThree() {
    watch(5);
    Watched bad = endpoints.get(0);
    bad.fail(5);
    pass(Duration.ofSeconds(30));

    bad.succeed(2);

    assertThat(bad.probesPassed).isEqualTo(2);
    bad.succeed(2);
    assertThat(bad.probesPassed).isEqualTo(2);
  }

  @Test
  void probation_oneFailure_ejectsAgain() {
    watch(5);
    Watched bad = endpoints.get(0);

    bad.fail(5);
    pass(Duration.ofSeconds(30));
    bad.succeed(2);
    bad.fail(1);

    assertThat(bad.heard.get(2))
        .isEqualTo(
            "failed again on probation: UNAVAILABLE: refused; ejected for 60.0 s, the 2. time");
  }

  @Test
  void probation_withoutTraffic_lasts() {
    watch(5);
    Watched bad = endpoints.get(0);

    bad.fail(5);
    pass(Duration.ofHours(1));

    assertThat(bad.heard).last().isEqualTo("probation");
  }

  @Test
  void ejection_lateResults_countNowhere() {
    watch(5);
    Watched bad = endpoints.get(0);

    bad.fail(5);
    bad.fail(100);
    pass(Duration.ofSeconds(30));

    assertThat(bad.heard).hasSize(2).last().isEqualTo("probation");
  }

  @Test
  void probation_resultsOfCallsFromBeforeIt_countNowhere() {
    watch(5);
    Watched bad = endpoints.get(0);
    Stage before = bad.record.stage();
    bad.fail(5);
    Stage ejected = bad.record.stage();
    pass(Duration.ofSeconds(30));

    for (Stage begun : List.of(before, ejected)) {
      begun.onEnd(REFUSED, true, 1);
      IntStream.range(0, 10).forEach(i -> begun.onEnd(Status.OK, true, 1));
    }

    assertThat(bad.heard).hasSize(2).last().isEqualTo("probation");
  }

  @Test
  void probation_resultsOfCallsFromTheOneBefore_countNowhere() {
    watch(5);
    Watched bad = endpoints.get(0);
    bad.fail(5);
    pass(Duration.ofSeconds(30));
    Stage first = bad.record.stage();
    bad.fail(1);
    pass(Duration.ofSeconds(60));

    IntStream.range(0, 3).forEach(i -> first.onEnd(Status.OK, true, 1));

    assertThat(bad.heard).hasSize(4).last().isEqualTo("probation");
  }

  @Test
  void revival_failuresOfCallsFromBeforeTheEjection_countNowhere() {
    watch(5);
    Watched bad = endpoints.get(0);
    Stage before = bad.record.stage();
    bad.fail(5);
    pass(Duration.ofSeconds(30));
    bad.succeed(3);

    IntStream.range(0, 100).forEach(i -> before.onEnd(REFUSED, true, 1));
    pass(Duration.ofSeconds(30));

    assertThat(bad.heard).hasSize(3).last().isEqualTo("revived");
  }
}
