package io.evenkeel.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds however long and however badly things go. */
final class OutlierLimitsTest extends OutlierFixture {

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 9})
  void cap_allFailForAnHour_neverTakesOutMoreThanOne(int size) {
    watch(size);

    for (int second = 0; second < 3_600; second++) {
      Collections.shuffle(endpoints, random);
      endpoints.forEach(each -> each.fail(10));
      pass(Duration.ofSeconds(1));

      assertThat(endpoints).filteredOn(Watched::isOut).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void cap_oneOnProbationWithoutTraffic_keepsItsPlace() {
    watch(5);
    endpoints.get(0).fail(5);
    pass(Duration.ofSeconds(30));

    endpoints.get(1).fail(5);

    assertThat(endpoints.get(0).heard).last().isEqualTo("probation");
    assertThat(endpoints.get(1).heard).isEmpty();
    assertThat(detector.outOfUse()).isEqualTo(1);
  }

  @Test
  void cap_oneOnProbationIsRemoved_leavesItsPlace() {
    watch(5);
    endpoints.get(0).fail(5);
    pass(Duration.ofSeconds(30));

    detector.remove(endpoints.get(0).record);
    endpoints.get(1).fail(5);

    assertThat(detector.outOfUse()).isEqualTo(1);
    assertThat(endpoints.get(1).heard).hasSize(1);
  }

  @Test
  void ejection_atTheMaximumWithJitter_neverLastsLonger() {
    detector = detector(Map.of("jitterPercent", 10, "maxEjectionPercent", 100));
    watch(200);
    endpoints.forEach(each -> each.fail(5));

    for (int i = 0; i < 12; i++) {
      pass(Duration.ofSeconds(301));
      endpoints.forEach(each -> each.fail(1));
    }

    assertThat(endpoints)
        .allSatisfy(each -> assertThat(each.duration.toMillis()).isBetween(245_000L, 300_000L));
    assertThat(endpoints.stream().map(each -> each.duration).distinct()).hasSizeGreaterThan(190);
  }

  /** A million times an hour is more nanoseconds than a long holds. */
  @Test
  void ejection_aMillionTimes_isCapped() {
    detector = detector(Map.of("baseEjectionTime", "3600s", "maxEjectionTime", "3600s"));
    watch(2);
    endpoints.get(0).fail(5);

    endpoints.get(0).record.term.multiplier = Integer.MAX_VALUE;
    pass(Duration.ofHours(1));
    endpoints.get(0).fail(1);

    assertThat(endpoints.get(0).duration).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void ejection_maximumBelowTheBase_lastsTheBase() {
    detector = detector(Map.of("baseEjectionTime", "60s", "maxEjectionTime", "1s"));
    watch(5);

    endpoints.get(0).fail(5);

    assertThat(endpoints.get(0).duration).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void row_contextIsBusy_isHandedOverOnce() {
    Queue<Runnable> waiting = new ArrayDeque<>();
    detector = detector(Map.of("consecutiveFailures", 1), random, waiting::add);
    watch(5);

    endpoints.get(0).fail(10_000);

    assertThat(waiting).hasSize(1);
    waiting.remove().run();
    assertThat(endpoints.get(0).heard).hasSize(1);
  }

  @Test
  void row_successBeforeTheContextIsFree_ejectsNobody() {
    Queue<Runnable> waiting = new ArrayDeque<>();
    detector = detector(Map.of(), random, waiting::add);
    watch(5);

    endpoints.get(0).fail(5);
    endpoints.get(0).succeed(1);
    waiting.forEach(Runnable::run);

    assertThat(endpoints.get(0).heard).isEmpty();
  }

  @Test
  void latency_callsThatNobodyTimed_areNotTakenAsFast() {
    detector = detector(Map.of("latency", Map.of()));
    watch(5);

    for (Watched each : endpoints.subList(0, 4)) {
      each.answer(20, Duration.ofMillis(10));
      each.answer(100, Duration.ofNanos(-1));
    }
    endpoints.get(4).answer(20, Duration.ofMillis(10));
    pass(Duration.ofSeconds(10));

    assertThat(endpoints.get(4).heard).isEmpty();
  }

  @Test
  void reason_endlessTextFromTheServer_isCut() {
    watch(5);
    Status endless = Status.UNAVAILABLE.withDescription("x".repeat(100_000));

    for (int i = 0; i < 5; i++) {
      endpoints.get(0).record.stage().onEnd(endless, true, 1);
    }

    assertThat(endpoints.get(0).heard).singleElement().asString().hasSizeLessThan(400);
  }

  @Test
  void close_twice_isSafe() {
    watch(5);
    endpoints.get(0).fail(5);

    detector.close();
    detector.close();

    assertThat(helper.clock().waiting()).isZero();
    assertThat(detector.outOfUse()).isZero();
  }

  @Test
  void close_whileListenersHearOfTheInterval_leavesNoTimer() {
    detector =
        detector(
            Map.of(
                "failurePercentage",
                Map.of("minimumHosts", 1),
                "consecutiveFailures",
                0,
                "maxEjectionPercent",
                100));
    watch(5);
    endpoints.forEach(each -> each.fail(100));
    endpoints.get(0).whenEjected = detector::close;

    pass(Duration.ofSeconds(10));

    assertThat(helper.clock().waiting()).isZero();
    assertThat(endpoints.get(1).heard).isEmpty();
  }

  @Test
  void add_afterClose_startsNoTimer() {
    detector.close();

    watch(1);

    assertThat(helper.clock().waiting()).isZero();
  }

  @Test
  void reconfigure_shorterInterval_judgesByIt() {
    detector = detector(Map.of("failurePercentage", Map.of(), "consecutiveFailures", 0));
    watch(5);
    endpoints.get(0).fail(100);
    endpoints.subList(1, 5).forEach(each -> each.succeed(100));

    detector.reconfigure(
        config(Map.of("interval", "1s", "failurePercentage", Map.of(), "consecutiveFailures", 0)));
    pass(Duration.ofSeconds(1));

    assertThat(endpoints.get(0).heard).hasSize(1);
    assertThat(helper.clock().waiting()).isEqualTo(2); // the interval and the ejection
  }
}
