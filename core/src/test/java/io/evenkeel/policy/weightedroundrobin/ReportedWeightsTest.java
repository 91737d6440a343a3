package io.evenkeel.policy.weightedroundrobin;

import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.load.Reports;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.FakeClock;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReportedWeightsTest {
  private static final Map<String, ?> NO_BLACKOUT = Map.of("blackoutPeriod", "0s");

  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError(thrown);
          });

  @Test
  void pick_allReport_goesByWhatTheyReport() {
    Rotation rotation = rotation(3);

    Picker picker = pickerAfter(Duration.ofSeconds(1), rotation, 100, 300, 600);

    assertShares(picker, rotation, 0.1, 0.3, 0.6);
  }

  @Test
  void pick_beforeTheUpdate_goesByTheOldWeights() {
    Rotation rotation = rotation(2);

    Picker picker = pickerAfter(Duration.ofMillis(999), rotation, 100, 900);

    assertShares(picker, rotation, 0.5, 0.5);
  }

  @Test
  void pick_inTheBlackout_goesByTheOldWeights() {
    Rotation rotation = rotation(2);
    Picker picker = policy(Map.of()).newPicker(rotation);
    report(rotation, 100, 900);

    clock.advance(Duration.ofMillis(9_999));
    assertShares(picker, rotation, 0.5, 0.5);

    clock.advance(Duration.ofMillis(1));
    assertShares(picker, rotation, 0.1, 0.9);
  }

  @Test
  void pick_oneOfThreeDoesNotReport_weighsTheMeanOfTheOthers() {
    Rotation rotation = rotation(3);

    Picker picker = pickerAfter(Duration.ofSeconds(1), rotation, 100, 300, 0);

    assertShares(picker, rotation, 1 / 6.0, 3 / 6.0, 2 / 6.0);
  }

  @Test
  void pick_onlyOneReports_takesAllAlike() {
    Rotation rotation = rotation(2);

    Picker picker = pickerAfter(Duration.ofSeconds(1), rotation, 900, 0);

    assertShares(picker, rotation, 0.5, 0.5);
  }

  @Test
  void pick_weightsFromDiscovery_multiply() {
    Rotation rotation = rotation(1, 2);
    Picker picker = policy(NO_BLACKOUT).newPicker(rotation);
    assertShares(picker, rotation, 1 / 3.0, 2 / 3.0);

    report(rotation, 400, 300);
    clock.advance(Duration.ofSeconds(1));

    assertShares(picker, rotation, 0.4, 0.6);
  }

  @Test
  void pick_reportsStop_takesAllAlikeAfterExpiry() {
    Rotation rotation = rotation(2);
    Picker picker = policy(NO_BLACKOUT).newPicker(rotation);
    report(rotation, 100, 900);
    clock.advance(Duration.ofMinutes(3).minusNanos(1));
    assertShares(picker, rotation, 0.1, 0.9);

    clock.advance(Duration.ofSeconds(1));

    assertShares(picker, rotation, 0.5, 0.5);
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void pick_reportsAreNotWanted_goesByDiscovery() {
    Rotation rotation = rotation(2);
    Picker picker =
        policy(Map.of("blackoutPeriod", "0s", "useReportedLoad", false)).newPicker(rotation);

    report(rotation, 100, 900);
    clock.advance(Duration.ofSeconds(1));

    assertShares(picker, rotation, 0.5, 0.5);
  }

  @Test
  void newPicker_reportsKnown_usesThemAtOnce() {
    Rotation rotation = rotation(2);
    Policy policy = policy(NO_BLACKOUT);
    policy.newPicker(rotation);
    report(rotation, 100, 900);

    assertShares(policy.newPicker(rotation), rotation, 0.1, 0.9);
  }

  @Test
  void timer_nobodyReports_doesNotRun() {
    policy(Map.of()).newPicker(rotation(2));

    assertThat(clock.waiting()).isZero();
  }

  @Test
  void timer_manyReports_runsOnce() {
    Rotation rotation = rotation(2);
    policy(Map.of()).newPicker(rotation);

    for (int i = 0; i < 100; i++) {
      report(rotation, 100, 900);
    }

    assertThat(clock.waiting()).isEqualTo(1);
  }

  @Test
  void close_aReportWaits_endsTheTimerForGood() {
    Rotation rotation = rotation(2);
    Policy policy = policy(Map.of());
    policy.newPicker(rotation);
    report(rotation, 100, 900);

    policy.close();
    report(rotation, 100, 900);

    assertThat(clock.waiting()).isZero();
  }

  @Test
  void loadReportInterval_onlyWithOobReports_isSet() {
    Map<String, ?> oob = Map.of("enableOobLoadReport", true, "oobReportingPeriod", "30s");

    assertThat(policy(Map.of()).loadReportInterval()).isZero();
    assertThat(policy(oob).loadReportInterval()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void configure_updatePeriodTooShort_isRefused() {
    assertThatThrownBy(() -> policy(Map.of("weightUpdatePeriod", "0.05s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("weighted_round_robin.weightUpdatePeriod: \"0.05s\"");
  }

  private static void assertShares(Picker picker, Rotation rotation, double... shares) {
    int[] counts = count(10_000, picker, rotation);
    for (int i = 0; i < shares.length; i++) {
      assertThat(counts[i] / 10_000.0).isCloseTo(shares[i], within(0.01));
    }
  }

  /** A picker whose endpoints have reported, some {@code time} ago. */
  private Picker pickerAfter(Duration time, Rotation rotation, double... reported) {
    Picker picker = policy(NO_BLACKOUT).newPicker(rotation);
    report(rotation, reported);
    clock.advance(time);
    return picker;
  }

  /** Each endpoint answers a call with the report that gives it such a weight; 0 for none. */
  private static void report(Rotation rotation, double... weights) {
    for (int i = 0; i < weights.length; i++) {
      Candidate candidate = rotation.get(i);
      if (weights[i] > 0) {
        candidate
            .load()
            .newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata())
            .inboundTrailers(Reports.trailers(Reports.ofWeight(weights[i])));
      }
    }
  }

  private Policy policy(Map<String, ?> config) {
    PolicyContext context =
        new PolicyContext(
            ScriptedRandom.of(7),
            clock,
            (task, nanos) -> syncContext.schedule(task, nanos, TimeUnit.NANOSECONDS, clock));
    return new WeightedRoundRobinPolicyProvider()
        .configure(new ConfigReader("weighted_round_robin", config))
        .newPolicy(context);
  }
}
