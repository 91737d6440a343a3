package io.evenkeel.policy.roundrobin;

import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.Sequence;

/** Keeps the position in the round. */
final class RoundRobinPolicy implements Policy {
  private final Sequence sequence;

  /**
   * Starts anywhere, so that many clients that start together do not all begin at the same
   * endpoint.
   */
  RoundRobinPolicy(PolicyContext context) {
    sequence = new Sequence(context.random().nextInt(Integer.MAX_VALUE), context.nanoTime());
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    return new RoundRobinPicker(rotation, sequence);
  }
}
