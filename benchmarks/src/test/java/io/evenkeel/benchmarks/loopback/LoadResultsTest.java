package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadResultsTest {

  @Test
  void ratio_disturbedRepetition_comparesRunsOfTheSameRepetition() {
    LoadResults results = new LoadResults();
    double[] speeds = {1_000, 100, 1_000}; // the machine was busy in the second
    for (double speed : speeds) {
      results.add(Route.EVENKEEL_ROUND_ROBIN, 64, new Sample(2 * speed, 1, 1));
      results.add(Route.NGINX, 64, new Sample(speed, 1, 1));
    }

    double ratio =
        results.ratio(Route.EVENKEEL_ROUND_ROBIN, Route.NGINX, 64, Sample::callsPerSecond);

    assertThat(ratio).isEqualTo(2);
  }
}
