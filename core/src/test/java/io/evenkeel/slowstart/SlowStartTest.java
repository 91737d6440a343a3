package io.evenkeel.slowstart;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlowStartTest {
  private static final long MINUTE = SECONDS.toNanos(60);

  /** By the formula of Envoy's documentation, for its window of 60 s and its floor of 10 %. */
  @ParameterizedTest
  @CsvSource({
    "0.0, 1.0, 0.1",
    "  3, 1.0, 0.1",
    "  6, 1.0, 0.1",
    "  9, 1.0, 0.15",
    " 15, 1.0, 0.25",
    " 30, 1.0, 0.5",
    " 45, 1.0, 0.75",
    " 60, 1.0, 1.0",
    " 90, 1.0, 1.0",
    " 15, 2.0, 0.5",
    "0.6, 2.0, 0.1",
    " 30, 2.0, 0.707106781",
    " 15, 1.5, 0.396850263",
    " 48, 0.5, 0.64",
    " 15, 0.5, 0.1",
    " 30, 0.5, 0.25",
  })
  void factor_anyAge_isEnvoys(double seconds, double aggression, double factor) {
    SlowStart slowStart = new SlowStart(MINUTE, aggression, 0.1);

    assertThat(slowStart.factor((long) (seconds * 1e9))).isCloseTo(factor, within(1e-9));
  }

  @Test
  void factor_clockRanBackwards_isTheFloor() {
    assertThat(new SlowStart(MINUTE, 1, 0.2).factor(-5)).isEqualTo(0.2);
  }

  @Test
  void factor_timePasses_neverFalls() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      SlowStart slowStart =
          new SlowStart(MINUTE, 0.1 + 9.9 * random.nextDouble(), 0.01 + 0.99 * random.nextDouble());
      double before = 0;
      for (long age = 0; age <= MINUTE + SECONDS.toNanos(1); age += MILLISECONDS.toNanos(250)) {
        double now = slowStart.factor(age);
        assertThat(now).isBetween(before, 1.0);
        before = now;
      }
      assertThat(before).isEqualTo(1);
    }
  }

  @Test
  void nextStepNanos_throughAWindow_takesAtMostFortyOneSteps() {
    SlowStart slowStart = new SlowStart(MINUTE, 1, 0.1);
    int steps = 0;
    long age = 7;
    for (long step = slowStart.nextStepNanos(age);
        step != SlowStart.NO_STEP;
        step = slowStart.nextStepNanos(age)) {
      age += step;
      steps++;
    }

    assertThat(steps).isBetween(20, 41);
    assertThat(slowStart.factor(age)).isEqualTo(1);
  }

  @Test
  void nextStepNanos_shortWindow_isNeverLessThanATenthOfASecond() {
    SlowStart slowStart = new SlowStart(SECONDS.toNanos(1), 1, 0.1);

    assertThat(slowStart.nextStepNanos(0)).isEqualTo(MILLISECONDS.toNanos(100));
    assertThat(slowStart.nextStepNanos(MILLISECONDS.toNanos(999)))
        .isEqualTo(MILLISECONDS.toNanos(100));
  }

  @Test
  void nextStepNanos_nobodyIsNew_isNone() {
    SlowStart slowStart = new SlowStart(MINUTE, 1, 0.1);

    assertThat(slowStart.nextStepNanos(MINUTE)).isEqualTo(SlowStart.NO_STEP);
    assertThat(slowStart.nextStepNanos(EndpointAge.OLD_NANOS)).isEqualTo(SlowStart.NO_STEP);
  }

  @Test
  void parse_nothing_meansNoSlowStart() {
    assertThat(parse(Map.of())).isEmpty();
  }

  @Test
  void parse_empty_hasDefaults() {
    assertThat(parse(Map.of("slowStart", Map.of())))
        .contains(new SlowStart(SECONDS.toNanos(30), 1, 0.1));
  }

  @Test
  void parse_everything_isRead() {
    Map<String, ?> fields = Map.of("window", "90s", "aggression", 2.5, "floorPercent", 5);

    assertThat(parse(Map.of("slowStart", fields)))
        .contains(new SlowStart(SECONDS.toNanos(90), 2.5, 0.05));
  }

  @ParameterizedTest
  @CsvSource({
    "aggression, 0, 'evenkeel.slowStart.aggression: \"0\" (expected: a number 0.1..10.0)'",
    "floorPercent, 0, 'evenkeel.slowStart.floorPercent: \"0\" (expected: a number 1.0..100.0)'",
    "agression, 1, 'evenkeel.slowStart.agression: unknown field (did you mean \"aggression\"?)'",
  })
  void parse_badField_isRefused(String field, String value, String message) {
    assertThatThrownBy(() -> parse(Map.of("slowStart", Map.of(field, value))))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void create_floorOfNothing_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SlowStart(MINUTE, 1, 0));
  }

  private static Optional<SlowStart> parse(Map<String, ?> fields) {
    ConfigReader evenkeel = new ConfigReader("evenkeel", fields);
    Optional<SlowStart> slowStart = SlowStart.parse(evenkeel);
    evenkeel.rejectUnknownFields();
    return slowStart;
  }
}
