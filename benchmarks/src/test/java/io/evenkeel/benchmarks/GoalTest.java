package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {

  @Test
  void judge_atTheLimit_isMet() {
    assertThat(Goal.atMost("ratio", 0.5).judge(0.5)).isEqualTo("ratio ≤ 0.50: met");
  }

  @Test
  void judge_overTheMost_saysByHowMuch() {
    assertThat(Goal.atMost("ns", 60).judge(75)).isEqualTo("ns ≤ 60: missed by 25.0 %");
  }

  @Test
  void judge_underTheLeast_saysByHowMuch() {
    assertThat(Goal.atLeast("READY", 50).judge(40)).isEqualTo("READY ≥ 50: missed by 20.0 %");
  }

  @Test
  void judge_overNone_saysByHowMuchInItsUnit() {
    assertThat(Goal.atMost("B", 0).judge(24)).isEqualTo("B ≤ 0: missed by 24");
  }

  @Test
  void judge_notANumber_isNotMeasured() {
    assertThat(Goal.atMost("B", 0).judge(Double.NaN)).isEqualTo("B ≤ 0: not measured");
  }
}
