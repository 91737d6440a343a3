package io.evenkeel.policy.roundrobin;

import static io.evenkeel.policy.Picks.context;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.Picks.countConcurrently;
import static io.evenkeel.policy.Picks.next;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.ScriptedRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundRobinPolicyTest {

  @Test
  void pick_threeEndpoints_takesOneAfterTheOther() {
    Rotation rotation = rotation(3);
    Picker picker = policyStartingAt(0).newPicker(rotation);

    assertThat(next(7, picker, rotation)).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void pick_unevenWeights_areIgnored() {
    Rotation rotation = rotation(9, 1);
    Picker picker = policyStartingAt(0).newPicker(rotation);

    assertThat(next(4, picker, rotation)).containsExactly(0, 1, 0, 1);
  }

  @Test
  void pick_randomStart_beginsThere() {
    Rotation rotation = rotation(3);
    Picker picker = policyStartingAt(5).newPicker(rotation);

    assertThat(next(3, picker, rotation)).containsExactly(2, 0, 1);
  }

  @Test
  void newPicker_sameEndpointsAgain_goesOnWhereItWas() {
    Rotation rotation = rotation(3);
    Policy policy = policyStartingAt(0);
    next(2, policy.newPicker(rotation), rotation);

    Picker rebuilt = policy.newPicker(rotation);

    assertThat(next(3, rebuilt, rotation)).containsExactly(2, 0, 1);
  }

  @Test
  void pick_pastTheLargestNumber_cutsOneRoundShortAtMost() {
    Rotation rotation = rotation(3);
    Picker picker = policyStartingAt(Integer.MAX_VALUE - 1).newPicker(rotation);

    for (int calls : count(300, picker, rotation)) {
      assertThat(calls).isBetween(99, 101);
    }
  }

  @Test
  void pick_eightThreads_sharesWithinOnePercent() throws Exception {
    Rotation rotation = rotation(4);
    Picker picker = policyStartingAt(0).newPicker(rotation);

    int[] counts = countConcurrently(8, 10_000, picker, rotation);

    for (int count : counts) {
      assertThat(count).isCloseTo(20_000, withinPercentage(1));
    }
  }

  private static Policy policyStartingAt(int position) {
    return new RoundRobinPolicyProvider()
        .configure(new ConfigReader("round_robin", Map.of()))
        .newPolicy(context(ScriptedRandom.of(position)));
  }
}
