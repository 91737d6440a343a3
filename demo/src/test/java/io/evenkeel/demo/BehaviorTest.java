package io.evenkeel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.demo.Behavior.Ending;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BehaviorTest {

  @Test
  void parse_empty_isNormal() {
    assertThat(Behavior.parse("")).isEqualTo(Behavior.NORMAL);
  }

  @Test
  void parse_allParts_areCombined() {
    assertThat(Behavior.parse("sleep=200ms, fail=internal ,fail-first=2,hang"))
        .isEqualTo(
            new Behavior(Duration.ofMillis(200).toNanos(), Status.Code.INTERNAL, 2, Ending.HANG));
  }

  @Test
  void parse_seconds_areRead() {
    assertThat(Behavior.parse("sleep=2s").sleepNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sleep", "sleep=5", "sleep=-1s", "sleep=3601s", "fail-first=x", "hangs", "=1"})
  void parse_malformed_showsTheSyntax(String text) {
    assertThatThrownBy(() -> Behavior.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("sleep=200ms, fail=UNAVAILABLE, fail-first=2 or hang");
  }

  @Test
  void parse_unknownStatus_namesTheNearest() {
    assertThatThrownBy(() -> Behavior.parse("fail=UNAVAILBLE"))
        .hasMessageContaining("did you mean \"UNAVAILABLE\"?");
  }

  @Test
  void parse_failOk_isRefused() {
    assertThatThrownBy(() -> Behavior.parse("fail=OK"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void failureOf_failFirst_failsOnlyTheFirstAttempts() {
    Behavior behavior = Behavior.parse("fail-first=2");

    assertThat(behavior.failureOf(1)).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(behavior.failureOf(2)).isEqualTo(Status.Code.OK);
  }

  @Test
  void failureOf_failFirstWithStatus_failsWithThatStatus() {
    Behavior behavior = Behavior.parse("fail=ABORTED,fail-first=1");

    assertThat(behavior.failureOf(0)).isEqualTo(Status.Code.ABORTED);
    assertThat(behavior.failureOf(1)).isEqualTo(Status.Code.OK);
  }
}
