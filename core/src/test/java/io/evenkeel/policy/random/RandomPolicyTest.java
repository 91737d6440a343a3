package io.evenkeel.policy.random;

import static io.evenkeel.policy.Picks.chiSquare;
import static io.evenkeel.policy.Picks.context;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.Picks.countConcurrently;
import static io.evenkeel.policy.Picks.next;
import static io.evenkeel.policy.Picks.seededPerThread;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.ScriptedRandom;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RandomPolicyTest {

  @Test
  void pick_scripted_takesWhatChanceSays() {
    Rotation rotation = rotation(3);

    assertThat(next(3, picker(rotation, ScriptedRandom.of(2, 0, 1)), rotation))
        .containsExactly(2, 0, 1);
  }

  @Test
  void pick_manyTimes_takesEachAlike() {
    Rotation rotation = rotation(10);

    int[] counts = count(100_000, picker(rotation, new Random(42)), rotation);

    // 27.9 is exceeded by one in a thousand of fair draws with 9 degrees of freedom.
    assertThat(chiSquare(counts)).isLessThan(27.9);
  }

  @Test
  void pick_eightThreads_sharesWithinOnePercent() throws Exception {
    Rotation rotation = rotation(4);

    int[] counts = countConcurrently(8, 10_000, picker(rotation, seededPerThread(1)), rotation);

    for (int count : counts) {
      assertThat(count / 80_000.0).isBetween(0.24, 0.26);
    }
  }

  private static Picker picker(Rotation rotation, RandomGenerator random) {
    return new RandomPolicyProvider()
        .configure(new ConfigReader("random", Map.of()))
        .newPolicy(context(random))
        .newPicker(rotation);
  }
}
