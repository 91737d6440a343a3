package io.evenkeel.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases of other implementations of the same arithmetic, and whole stories. */
final class OutlierVectorsTest extends OutlierFixture {

  /**
   * Envoy's {@code OutlierUtility.SRThreshold}: rates 0.5, 1, 1, 1, 1 have the mean 0.9 and the
   * standard deviation sqrt((0.16 + 4 × 0.01) / 5) = 0.2, so 0.9 − 1.9 × 0.2 = 0.52 is required.
   */
  @Test
  void successRate_envoysVector_requires52Percent() {
    detector = detector(Map.of("successRate", Map.of(), "consecutiveFailures", 0));
    watch(5);

    answer(50, 100, 100, 100, 100);

    assertThat(endpoints.get(0).heard)
        .containsExactly(
            "50 of 100 calls failed, which is 50.0 % good where 52.0 % are required of its peers;"
                + " ejected for 30.0 s");
  }

  /**
   * grpc-java's {@code successRateTwoOutliers}: 0, 0, 1, 1, 1 have the mean 0.6 and the deviation
   * sqrt(0.24) = 0.49; at 1900 / 1000 of it −0.33 is required, at 1 / 1000 0.5995, less what chance
   * can do: 6 × sqrt(0.24 / 100) = 0.294, so 0.306.
   */
  @ParameterizedTest
  @CsvSource({"1900, 0", "1, 2"})
  void successRate_twoOfFiveFail_dependsOnTheFactor(int stdevFactor, int ejections) {
    detector = successRate(stdevFactor, 100);
    watch(5);

    answer(0, 0, 100, 100, 100);

    assertThat(detector.outOfUse()).isEqualTo(ejections);
  }

  /** grpc-java's {@code successRateThreeOutliers_maxEjectionPercentage}. */
  @Test
  void successRate_threeOfFiveFailAndAFifthMayBeOut_ejectsOne() {
    detector = successRate(1, 20);
    watch(5);

    answer(0, 0, 0, 100, 100);

    assertThat(detector.outOfUse()).isEqualTo(1);
  }

  /**
   * 0.98, 0.99 and three of 1: the mean is 0.994, the deviation 0.008, so at 1000 / 1000 of it
   * 0.986 would be required, and one failure more than usual would do. By chance it may be 6 ×
   * sqrt(0.994 × 0.006 / 100) = 0.046 less than the mean.
   */
  @Test
  void successRate_lessThanChanceCanDo_ejectsNobody() {
    detector = successRate(1000, 100);
    watch(5);

    answer(98, 99, 100, 100, 100);

    assertThat(detector.outOfUse()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"29, 1", "30, 0"})
  void enforcement_thirtyPercent_ejectsWhereChanceSaysSo(int drawn, int ejections) {
    Map<String, Object> rule = Map.of("enforcementPercentage", 30);
    detector =
        detector(
            Map.of("failurePercentage", rule, "consecutiveFailures", 0),
            draws(drawn),
            helper.getSynchronizationContext());
    watch(5);

    answer(0, 100, 100, 100, 100);

    assertThat(detector.outOfUse()).isEqualTo(ejections);
  }

  @Test
  void multiplier_fallsByOneWithEachGoodInterval() {
    watch(5);
    Watched bad = endpoints.get(0);
    bad.fail(5);
    for (int time = 1; time <= 4; time++) {
      pass(Duration.ofSeconds(30L * time));
      bad.fail(1);
    }
    pass(Duration.ofSeconds(150));
    bad.succeed(3);

    pass(Duration.ofSeconds(30)); // the first interval is one of grace
    bad.fail(5);

    assertThat(bad.heard).last().asString().endsWith("ejected for 120.0 s, the 4. time");
  }

  @Test
  void oneOfFiveFailsForAMinute_isEjectedAtOnceAndBackWithinAnEjectionTimeOfHealing() {
    detector = detector(ALL_RULES);
    watch(5);
    Watched bad = endpoints.get(0);
    long badFor = 600;

    for (int tenth = 0; tenth < 1_800; tenth++) {
      for (Watched each : endpoints) {
        // On probation it gets one call at a time.
        if (!each.isEjected()) {
          Runnable call =
              each == bad && tenth < badFor ? () -> each.fail(1) : () -> each.succeed(1);
          IntStream.range(0, each.isOut() ? 1 : 10).forEach(i -> call.run());
        }
      }
      pass(Duration.ofMillis(100));
    }

    assertThat(bad.heard)
        .containsExactly(
            "5 failures in a row, the last UNAVAILABLE: refused; ejected for 30.0 s",
            "probation",
            "failed again on probation: UNAVAILABLE: refused; ejected for 60.0 s, the 2. time",
            "probation",
            "revived");
    assertThat(endpoints.subList(1, 5)).allSatisfy(each -> assertThat(each.heard).isEmpty());
  }

  /** Each endpoint answers 100 calls, {@code good} of them well; then the interval ends. */
  private void answer(int... good) {
    for (int i = 0; i < good.length; i++) {
      endpoints.get(i).succeed(good[i]);
      endpoints.get(i).fail(100 - good[i]);
    }
    pass(Duration.ofSeconds(10));
  }

  private OutlierDetector successRate(int stdevFactor, int maxEjectionPercent) {
    return detector(
        Map.of(
            "successRate",
            Map.of("stdevFactor", stdevFactor),
            "maxEjectionPercent",
            maxEjectionPercent,
            "consecutiveFailures",
            0));
  }

  /** Draws {@code values} where a number below 100 is asked for; the middle for all else. */
  private static RandomGenerator draws(Integer... values) {
    Queue<Integer> left = new ArrayDeque<>(List.of(values));
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 1L << 63;
      }

      @Override
      public int nextInt(int bound) {
        return left.remove();
      }
    };
  }
}
