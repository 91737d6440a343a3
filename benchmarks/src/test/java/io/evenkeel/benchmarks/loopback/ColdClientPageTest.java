package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColdClientPageTest {

  @Test
  void render_tenThousandEndpoints_judgesFirstAnswerAndAll() {
    ColdClientPage page = new ColdClientPage(10_000);
    page.add(Start.NEW, Route.EVENKEEL_ROUND_ROBIN, answers(600, 3_000));
    page.add(Start.NEW, Route.GRPC_ROUND_ROBIN, answers(4_300, 6_000));

    assertThat(page.render())
        .contains("first, s ≤ 0.50: missed by 20.0 %; all ÷ `round_robin` ≤ 1: met");
  }

  @Test
  void render_fewerEndpoints_judgesNothing() {
    ColdClientPage page = new ColdClientPage(2_000);
    page.add(Start.NEW, Route.EVENKEEL_ROUND_ROBIN, answers(600, 3_000));

    assertThat(page.render()).doesNotContain("met").doesNotContain("missed");
  }

  private static FirstAnswers answers(double firstMillis, double allMillis) {
    return new FirstAnswers(firstMillis, allMillis, allMillis, 10_000, 0);
  }
}
