package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.policy.AliasTable;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Keeps the position in the sequence. */
final class WeightedRoundRobinPolicy implements Policy {
  private final AtomicLong position;

  /**
   * Starts anywhere, so that many clients that start together do not all begin at the same
   * endpoint.
   */
  WeightedRoundRobinPolicy(RandomGenerator random) {
    position = new AtomicLong(random.nextInt(Integer.MAX_VALUE));
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    if (rotation.evenlyWeighted()) {
      return call -> rotation.get((int) (position.getAndIncrement() % rotation.size()));
    }
    return new WeightedRoundRobinPicker(rotation, AliasTable.of(rotation), position);
  }
}
