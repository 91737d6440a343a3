package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColdClientPageTest {

  @Test
  void render_tenThousandEndpoints_judgesFirstAnswerAndAll() {
    ColdClientPage page = new ColdClientPage(Security.PLAIN_TEXT, 10_000);
    page.add(Start.CALLED_BEFORE, Route.EVENKEEL_ROUND_ROBIN, run(600, 3_000, 110));
    page.add(Start.CALLED_BEFORE, Route.GRPC_ROUND_ROBIN, run(4_300, 6_000, 9_000));

    assertThat(page.render())
        .contains("first, s ≤ 0.50: missed by 20.0 %; all ÷ `round_robin` ≤ 1: met");
  }

  @Test
  void render_newProcess_doesNotJudgeTheFirstAnswer() {
    ColdClientPage page = new ColdClientPage(Security.PLAIN_TEXT, 10_000);
    page.add(Start.NEW, Route.EVENKEEL_ROUND_ROBIN, run(600, 3_000, 100));

    assertThat(page.render()).doesNotContain("first, s ≤");
  }

  @Test
  void render_fewerEndpoints_judgesNothing() {
    ColdClientPage page = new ColdClientPage(Security.PLAIN_TEXT, 2_000);
    page.add(Start.NEW, Route.EVENKEEL_ROUND_ROBIN, run(600, 3_000, 100));

    assertThat(page.render()).doesNotContain(": met").doesNotContain("missed");
  }

  @Test
  void render_severalRuns_showsTheMostHandshakes() {
    ColdClientPage page = new ColdClientPage(Security.TLS, 10_000);
    page.add(Start.NEW, Route.GRPC_ROUND_ROBIN, run(600, 3_000, 7_777));
    page.add(Start.NEW, Route.GRPC_ROUND_ROBIN, run(600, 3_000, 100));

    assertThat(page.render()).contains("| 7,777 |");
  }

  private static ColdRun run(double firstMillis, double allMillis, int handshakes) {
    return new ColdRun(new FirstAnswers(firstMillis, allMillis, allMillis, 10_000, 0), handshakes);
  }
}
