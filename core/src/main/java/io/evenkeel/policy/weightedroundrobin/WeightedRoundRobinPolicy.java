package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.policy.AliasTable;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.Sequence;
import java.util.random.RandomGenerator;

/** Keeps the position in the sequence. */
final class WeightedRoundRobinPolicy implements Policy {
  private final Sequence sequence;

  /**
   * Starts anywhere, so that many clients that start together do not all begin at the same
   * endpoint.
   */
  WeightedRoundRobinPolicy(RandomGenerator random) {
    sequence = new Sequence(random.nextInt(Integer.MAX_VALUE));
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    if (rotation.evenlyWeighted()) {
      return call -> rotation.get(sequence.next() % rotation.size());
    }
    return new WeightedRoundRobinPicker(rotation, AliasTable.of(rotation), sequence);
  }
}
