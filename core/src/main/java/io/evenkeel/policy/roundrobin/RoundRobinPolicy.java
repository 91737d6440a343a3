package io.evenkeel.policy.roundrobin;

import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Keeps the position in the round. */
final class RoundRobinPolicy implements Policy {
  private final AtomicLong position;

  /**
   * Starts anywhere, so that many clients that start together do not all begin at the same
   * endpoint.
   */
  RoundRobinPolicy(RandomGenerator random) {
    position = new AtomicLong(random.nextInt(Integer.MAX_VALUE));
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    return new RoundRobinPicker(rotation, position);
  }
}
