package io.evenkeel.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is ejected, and for how long, in virtual time. */
final class OutlierDetectorTest extends OutlierFixture {
  @Test
  void row_fiveFailures_ejectsAtOnce() {
    watch(5);

    endpoints.get(0).fail(5);

    assertThat(endpoints.get(0).heard)
        .containsExactly("5 failures in a row, the last UNAVAILABLE: refused; ejected for 30.0 s");
  }

  @Test
  void row_brokenByASuccess_ejectsNobody() {
    watch(5);

    endpoints.get(0).fail(4);
    endpoints.get(0).succeed(1);
    endpoints.get(0).fail(4);

    assertThat(endpoints.get(0).heard).isEmpty();
  }

  @Test
  void row_setToZero_ejectsNobody() {
    detector = detector(Map.of("consecutiveFailures", 0));
    watch(5);

    endpoints.get(0).fail(1_000);

    assertThat(endpoints.get(0).heard).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED"},
      mode = EnumSource.Mode.EXCLUDE)
  void row_ofAnswersThatAreNotTheEndpointsFault_ejectsNobody(Status.Code code) {
    watch(5);

    for (int i = 0; i < 1_000; i++) {
      endpoints.get(0).record.stage().onEnd(code.toStatus(), true, 1);
    }
    pass(Duration.ofMinutes(10));

    assertThat(endpoints.get(0).heard).isEmpty();
  }

  @Test
  void row_unknownFromTheTransport_counts() {
    watch(5);

    for (int i = 0; i < 5; i++) {
      endpoints.get(0).record.stage().onEnd(Status.UNKNOWN, false, 1);
    }

    assertThat(endpoints.get(0).heard).hasSize(1);
  }

  @Test
  void row_cancelledInBetween_neitherBreaksNorCounts() {
    watch(5);

    endpoints.get(0).fail(4);
    endpoints.get(0).record.stage().onEnd(Status.CANCELLED, false, 1);
    assertThat(endpoints.get(0).heard).isEmpty();
    endpoints.get(0).fail(1);

    assertThat(endpoints.get(0).heard).hasSize(1);
  }

  @Test
  void suspicion_triedAgainEachTime_ejectsWithinOneInterval() {
    watch(5);
    Watched bad = endpoints.get(0);

    for (int failure = 1; failure < 5; failure++) {
      bad.fail(1);
      pass(Duration.ofSeconds(1));
      assertThat(bad.suspicions).isEqualTo(failure);
    }
    bad.fail(1);

    assertThat(bad.heard).hasSize(1);
    assertThat(helper.clock().getAsLong()).isLessThan(Duration.ofSeconds(10).toNanos());
  }

  @Test
  void suspicion_severalFailures_areOne() {
    watch(5);

    endpoints.get(0).fail(4);
    pass(Duration.ofMinutes(1));

    assertThat(endpoints.get(0).suspicions).isEqualTo(1);
  }

  @Test
  void suspicion_answeredSince_isNone() {
    watch(5);

    endpoints.get(0).mix(1);
    pass(Duration.ofMinutes(1));

    assertThat(endpoints.get(0).suspicions).isZero();
  }

  @Test
  void suspicion_asManyAreOutAsMayBe_leavesThoseThatHaveFailedEnough() {
    watch(5);
    endpoints.get(0).fail(5);

    endpoints.get(1).fail(8);
    pass(Duration.ofMinutes(1));

    assertThat(endpoints.get(1).suspicions).isZero();
  }

  @Test
  void suspicion_ejectedOrRemoved_leavesNoTimer() {
    watch(2);
    endpoints.forEach(each -> each.fail(1));
    endpoints.get(0).fail(4);

    endpoints.forEach(each -> detector.remove(each.record));

    assertThat(helper.clock().waiting()).isZero();
  }

  @Test
  void suspicion_rowsOfAMillion_waitsAWhile() {
    detector = detector(Map.of("consecutiveFailures", 1_000_000));
    watch(5);

    endpoints.get(0).fail(1);
    pass(Duration.ofMillis(19));
    assertThat(endpoints.get(0).suspicions).isZero();
    pass(Duration.ofMillis(1));

    assertThat(endpoints.get(0).suspicions).isEqualTo(1);
  }

  @Test
  void ejection_overAndOver_isCapped() {
    watch(5);
    Watched bad = endpoints.get(0);

    bad.fail(5);
    for (int i = 0; i < 30; i++) {
      pass(Duration.ofSeconds(301));
      bad.fail(1);
    }

    assertThat(bad.heard).last().asString().contains("ejected for 300.0 s, the 31. time");
  }

  @Test
  void ejection_goodConductAfterwards_isForgottenStepByStep() {
    watch(5);
    Watched bad = endpoints.get(0);

    bad.fail(5);
    pass(Duration.ofSeconds(30));
    bad.succeed(3);
    pass(Duration.ofSeconds(30));
    bad.fail(5);

    assertThat(bad.heard).last().asString().endsWith("ejected for 30.0 s");
  }

  @Test
  void ejection_withJitter_variesWithinIt() {
    detector = detector(Map.of("jitterPercent", 10, "maxEjectionPercent", 100));
    watch(200);

    endpoints.forEach(each -> each.fail(5));

    assertThat(endpoints)
        .allSatisfy(each -> assertThat(each.duration.toMillis()).isBetween(27_000L, 33_000L));
    assertThat(endpoints.stream().map(each -> each.duration).distinct()).hasSizeGreaterThan(190);
  }

  @ParameterizedTest
  @CsvSource({"5, 10, 1", "5, 0, 0", "10, 10, 1", "20, 10, 2", "15, 10, 2", "5, 50, 3"})
  void cap_allFail_ejectsNoMoreThanItMay(int size, int percent, int ejected) {
    detector = detector(Map.of("maxEjectionPercent", percent));
    watch(size);

    endpoints.forEach(each -> each.fail(5));

    assertThat(detector.outOfUse()).isEqualTo(ejected);
    assertThat(endpoints.stream().filter(each -> !each.heard.isEmpty())).hasSize(ejected);
  }

  @Test
  void cap_hasRoomAgain_ejectsAfterTheNextRow() {
    watch(5);
    endpoints.get(0).fail(5);
    endpoints.get(1).fail(5);

    detector.remove(endpoints.get(0).record);
    endpoints.get(1).fail(5);

    assertThat(endpoints.get(1).heard).hasSize(1);
  }

  /**
   * Rates 1, 1, 1, 1, 0.8: the mean is 0.96, the standard deviation 0.08, so at 1900 / 1000 of it
   * 0.808 is required.
   */
  @Test
  void successRate_farBelowTheOthers_ejects() {
    detector = detector(ALL_RULES);
    watch(5);

    endpoints.subList(0, 4).forEach(each -> each.succeed(100));
    IntStream.range(0, 20).forEach(i -> endpoints.get(4).mix(4));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(4).heard)
        .containsExactly(
            "20 of 100 calls failed, which is 80.0 % good where 80.8 % are required of its peers;"
                + " ejected for 30.0 s");
  }

  /** As above, but 2000 / 1000: exactly 0.8 is required, and 0.8 is there. */
  @Test
  void successRate_justWhatIsRequired_ejectsNobody() {
    detector = detector(Map.of("successRate", Map.of("stdevFactor", 2001)));
    watch(5);

    endpoints.subList(0, 4).forEach(each -> each.succeed(100));
    IntStream.range(0, 20).forEach(i -> endpoints.get(4).mix(4));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(4).heard).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"4, 100", "5, 99"})
  void successRate_tooFewEndpointsOrCalls_ejectsNobody(int size, int calls) {
    detector = detector(Map.of("successRate", Map.of(), "consecutiveFailures", 0));
    watch(size);

    endpoints.get(0).fail(calls);
    endpoints.subList(1, size).forEach(each -> each.succeed(calls));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(0).heard).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"86, 1", "85, 0"})
  void failurePercentage_aboveTheThreshold_ejects(int failures, int ejections) {
    detector = detector(Map.of("failurePercentage", Map.of(), "consecutiveFailures", 0));
    watch(5);

    endpoints.forEach(each -> each.succeed(100 - failures));
    endpoints.get(0).fail(failures);
    endpoints.subList(1, 5).forEach(each -> each.succeed(failures));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(0).heard).hasSize(ejections);
  }

  @Test
  void failurePercentage_notEnforced_ejectsNobody() {
    detector =
        detector(
            Map.of(
                "failurePercentage", Map.of("enforcementPercentage", 0), "consecutiveFailures", 0));
    watch(5);

    endpoints.forEach(each -> each.fail(100));
    pass(Duration.ofSeconds(10));

    assertThat(detector.outOfUse()).isZero();
  }

  @Test
  void latency_farAboveTheMedian_ejects() {
    detector = detector(ALL_RULES);
    watch(5);

    endpoints.subList(0, 4).forEach(each -> each.answer(20, Duration.ofMillis(10)));
    endpoints.get(4).answer(20, Duration.ofMillis(31));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(4).heard)
        .containsExactly(
            "answers after 31.0 ms on average where the median is 10.0 ms; ejected for 30.0 s");
  }

  @Test
  void latency_allAreSlow_ejectsNobody() {
    detector = detector(ALL_RULES);
    watch(5);

    endpoints.forEach(each -> each.answer(20, Duration.ofSeconds(5)));
    pass(Duration.ofSeconds(10));

    assertThat(detector.outOfUse()).isZero();
  }

  @Test
  void rates_justRevived_areNotComparedForAnInterval() {
    detector = detector(ALL_RULES);
    watch(5);
    endpoints.get(0).fail(5);
    pass(Duration.ofSeconds(30));
    endpoints.get(0).succeed(3);

    endpoints.get(0).answer(20, Duration.ofSeconds(1));
    endpoints.subList(1, 5).forEach(each -> each.answer(20, Duration.ofMillis(10)));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(0).heard).last().isEqualTo("revived");
  }

  @Test
  void rates_onePercentOfRandomErrorsForTenMinutes_ejectsNobody() {
    detector = detector(ALL_RULES);
    watch(10);

    for (int tenth = 0; tenth < 6_000; tenth++) {
      for (Watched each : endpoints) {
        for (int call = 0; call < 5; call++) {
          long nanos = 5_000_000L + random.nextInt(10_000_000);
          each.record.stage().onEnd(random.nextInt(100) == 0 ? REFUSED : Status.OK, true, nanos);
        }
      }
      pass(Duration.ofMillis(100));
    }

    assertThat(endpoints).allSatisfy(each -> assertThat(each.heard).isEmpty());
  }

  @Test
  void reconfigure_whileOneIsOut_keepsItOutAndUsesTheNewRulesAfterwards() {
    watch(5);
    endpoints.get(0).fail(5);

    detector.reconfigure(config(Map.of("consecutiveFailures", 2, "maxEjectionPercent", 100)));
    endpoints.get(1).fail(2);

    assertThat(detector.outOfUse()).isEqualTo(2);
    pass(Duration.ofSeconds(30));
    assertThat(endpoints.get(0).heard).last().isEqualTo("probation");
  }

  @Test
  void close_whileOneIsOut_leavesNoTimer() {
    watch(5);
    endpoints.get(0).fail(5);

    detector.close();

    assertThat(helper.clock().waiting()).isZero();
    pass(Duration.ofHours(1));
    assertThat(endpoints.get(0).heard).hasSize(1);
  }

  @Test
  void remove_theLast_leavesNoTimer() {
    watch(2);
    endpoints.get(0).fail(5);

    endpoints.forEach(each -> detector.remove(each.record));

    assertThat(helper.clock().waiting()).isZero();
    assertThat(detector.outOfUse()).isZero();
  }

  @Test
  void onEnd_afterRemoval_ejectsNobody() {
    watch(2);
    detector.remove(endpoints.get(0).record);

    endpoints.get(0).fail(5);

    assertThat(endpoints.get(0).heard).isEmpty();
  }
}
