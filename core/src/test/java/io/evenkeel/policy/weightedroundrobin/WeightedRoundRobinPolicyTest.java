package io.evenkeel.policy.weightedroundrobin;

import static io.evenkeel.policy.Picks.context;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.Picks.countConcurrently;
import static io.evenkeel.policy.Picks.next;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Picks;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.ScriptedRandom;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightedRoundRobinPolicyTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12_345, 1_000_003, 2_000_000_000})
  void pick_nineToOne_givesNinetyPercentWhereverItStarts(int start) {
    Rotation rotation = rotation(9, 1);

    int[] counts = count(1000, policyStartingAt(start).newPicker(rotation), rotation);

    assertThat(counts[0]).isBetween(890, 910);
  }

  @Test
  void pick_nineToOne_isSpreadOut() {
    Rotation rotation = rotation(9, 1);
    Picker picker = policyStartingAt(7).newPicker(rotation);
    int longestWait = 0;
    int wait = 0;

    for (int index : next(1000, picker, rotation)) {
      wait = index == 1 ? 0 : wait + 1;
      longestWait = Math.max(longestWait, wait);
    }

    // The three-gap theorem: a part of a tenth is met again after 8, 13 or 21 steps.
    assertThat(longestWait).isLessThan(21);
  }

  @Test
  void pick_oneToAMillion_lightEndpointGetsItsOneCall() {
    Rotation rotation = rotation(1, 1_000_000);

    int[] counts = count(1_000_001, policyStartingAt(0).newPicker(rotation), rotation);

    assertThat(counts[0]).isBetween(0, 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pick_thousandRandomWeights_givesEachItsShareOverOnePeriod(long seed) {
    double[] weights = new Random(seed).ints(1000, 1, 101).asDoubleStream().toArray();
    int period = (int) DoubleStream.of(weights).sum();
    Rotation rotation = rotation(weights);

    int[] counts = count(period, policyStartingAt(0).newPicker(rotation), rotation);

    for (int i = 0; i < weights.length; i++) {
      assertThat((double) counts[i])
          .as("calls of endpoint %s", i)
          .isCloseTo(weights[i], within(5d));
    }
  }

  @Test
  void pick_evenWeights_takesOneAfterTheOther() {
    Rotation rotation = rotation(5, 5, 5);
    Picker picker = policyStartingAt(0).newPicker(rotation);

    assertThat(next(4, picker, rotation)).containsExactly(0, 1, 2, 0);
  }

  @Test
  void newPicker_sameWeightsAgain_goesOnWhereItWas() {
    Rotation rotation = rotation(3, 2);
    Policy unbroken = policyStartingAt(11);
    Policy rebuilt = policyStartingAt(11);
    next(5, rebuilt.newPicker(rotation), rotation);

    Picker second = rebuilt.newPicker(rotation);

    assertThat(next(5, second, rotation))
        .isEqualTo(next(10, unbroken.newPicker(rotation), rotation).subList(5, 10));
  }

  @Test
  void explainedPick_evenWeights_saysThatItIsARound() {
    Picker picker = policyStartingAt(0).newPicker(rotation(5, 5, 5));

    assertThat(picker.explainedPick(Picks.CALL).reason())
        .isEqualTo("its turn in a round of 3, as all weigh 5.0");
  }

  @Test
  void explainedPick_unevenWeights_saysTheWeight() {
    Picker picker = policyStartingAt(0).newPicker(rotation(0, 7));

    assertThat(picker.explainedPick(Picks.CALL).reason()).isEqualTo("its turn by a weight of 7.0");
  }

  @Test
  void pick_eightThreadsEvenWeights_sharesWithinOnePercent() throws Exception {
    Rotation rotation = rotation(5, 5, 5, 5);
    Picker picker = policyStartingAt(0).newPicker(rotation);

    int[] counts = countConcurrently(8, 10_000, picker, rotation);

    for (int count : counts) {
      assertThat(count).isCloseTo(20_000, withinPercentage(1));
    }
  }

  @Test
  void pick_eightThreads_sharesWithinOnePercent() throws Exception {
    Rotation rotation = rotation(1, 2, 3, 4);
    Picker picker = policyStartingAt(0).newPicker(rotation);

    int[] counts = countConcurrently(8, 10_000, picker, rotation);

    for (int i = 0; i < counts.length; i++) {
      assertThat(counts[i]).isCloseTo((i + 1) * 8_000, withinPercentage(1));
    }
  }

  private static Policy policyStartingAt(int position) {
    return new WeightedRoundRobinPolicyProvider()
        .configure(new ConfigReader("weighted_round_robin", Map.of()))
        .newPolicy(context(ScriptedRandom.of(position)));
  }
}
