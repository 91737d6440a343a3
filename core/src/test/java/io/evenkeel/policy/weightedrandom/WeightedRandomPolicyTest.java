package io.evenkeel.policy.weightedrandom;

import static io.evenkeel.policy.Picks.context;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.Picks.countConcurrently;
import static io.evenkeel.policy.Picks.seededPerThread;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Picks;
import io.evenkeel.policy.Rotation;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WeightedRandomPolicyTest {

  @Test
  void pick_oneToTen_sharesFollowTheWeights() {
    Rotation rotation = rotation(IntStream.rangeClosed(1, 10).asDoubleStream().toArray());

    int[] counts = count(110_000, picker(rotation), rotation);

    double statistic = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = 110_000 * (i + 1) / 55.0;
      statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    // 27.9 is exceeded by one in a thousand of fair draws with 9 degrees of freedom.
    assertThat(statistic).isLessThan(27.9);
  }

  @Test
  void pick_oneToAMillion_lightEndpointIsAllButLeftOut() {
    Rotation rotation = rotation(1, 1_000_000);

    assertThat(count(100_000, picker(rotation), rotation)[0]).isLessThan(5);
  }

  @Test
  void pick_eightThreads_sharesWithinOnePercent() throws Exception {
    Rotation rotation = rotation(1, 2, 3, 4);

    int[] counts = countConcurrently(8, 10_000, picker(rotation, seededPerThread(1)), rotation);

    for (int i = 0; i < counts.length; i++) {
      assertThat(counts[i] / 80_000.0).isCloseTo((i + 1) / 10.0, within(0.01));
    }
  }

  @Test
  void explainedPick_always_saysTheWeight() {
    assertThat(picker(rotation(new double[] {7})).explainedPick(Picks.CALL).reason())
        .isEqualTo("drawn from 1 by a weight of 7.0");
  }

  private static Picker picker(Rotation rotation) {
    return picker(rotation, new Random(42));
  }

  private static Picker picker(Rotation rotation, RandomGenerator random) {
    return new WeightedRandomPolicyProvider()
        .configure(new ConfigReader("weighted_random", Map.of()))
        .newPolicy(context(random))
        .newPicker(rotation);
  }
}
