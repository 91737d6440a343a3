package io.evenkeel.policy.random;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

/** Takes any endpoint. Thread-safe. */
final class RandomPicker implements Picker {
  private final Rotation rotation;
  private final RandomGenerator random;

  RandomPicker(Rotation rotation, RandomGenerator random) {
    this.rotation = rotation;
    this.random = random;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    return rotation.get(random.nextInt(rotation.size()));
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    return new ExplainedPick(pick(call), "drawn from " + rotation.size());
  }
}
