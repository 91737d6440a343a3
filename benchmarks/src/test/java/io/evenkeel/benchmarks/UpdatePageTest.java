package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpdatePageTest {

  @Test
  void judge_everyFigure_isComparedWithRoundRobinOrItsLimit() {
    UpdateCosts ours = new UpdateCosts(10, 2, 25);
    UpdateCosts roundRobin = new UpdateCosts(1_000, 1_000, 900);

    assertThat(UpdatePage.judge(ours, roundRobin, 280))
        .isEqualTo(
            "READY ≥ 50: met; bytes ≥ 100: met; flap ≤ 20: missed by 25.0 %; heap ≤ 300: met");
  }
}
