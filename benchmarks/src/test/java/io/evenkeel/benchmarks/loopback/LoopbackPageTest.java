package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopbackPageTest {
  private final LoadResults results = new LoadResults();
  private final LoopbackPage page = new LoopbackPage();

  @Test
  void render_routeWithoutSamples_isNamedNotInstalled() {
    results.add(Route.GRPC_ROUND_ROBIN, 64, new Sample(1_000, 100, 200));

    page.add(CallThreads.DIRECT, 64, results);

    assertThat(page.render()).contains("| nginx `grpc_pass` | not installed |");
  }

  @Test
  void render_proxyNotInstalled_itsGoalIsNotMeasured() {
    results.add(Route.EVENKEEL_ROUND_ROBIN, 64, new Sample(1_000, 100, 200));

    page.add(CallThreads.DIRECT, 64, results);

    assertThat(page.render()).contains("calls/s ÷ nginx ≥ 2.30: not measured");
  }

  @Test
  void render_manyInFlight_judgesThroughputByTheExecutors() {
    results.add(Route.EVENKEEL_ROUND_ROBIN, 64, new Sample(2_000, 100, 200));
    results.add(Route.HAPROXY, 64, new Sample(1_600, 100, 200));

    page.add(CallThreads.DIRECT, 64, results);
    page.add(CallThreads.DEFAULT, 64, results);

    assertThat(page.render())
        .contains("calls/s ÷ haproxy ≥ 1.70: missed by 26.5 %")
        .contains("calls/s ÷ haproxy ≥ 1: met");
  }

  @Test
  void render_oneInFlight_judgesTheMedianLatency() {
    results.add(Route.EVENKEEL_ROUND_ROBIN, 1, new Sample(2_000, 88, 200));
    results.add(Route.NGINX, 1, new Sample(1_600, 100, 200));

    page.add(CallThreads.DIRECT, 1, results);

    assertThat(page.render()).contains("p50 ÷ nginx ≤ 0.80: missed by 10.0 %");
  }
}
