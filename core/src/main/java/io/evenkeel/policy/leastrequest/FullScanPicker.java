package io.evenkeel.policy.leastrequest;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

/**
 * Sends each call to the least loaded endpoint of all, any of those that are alike. Thread-safe.
 */
final class FullScanPicker implements Picker {
  private final Rotation rotation;
  private final LeastLoadedTree tree;
  private final RandomGenerator random;

  FullScanPicker(Rotation rotation, LeastLoadedTree tree, RandomGenerator random) {
    this.rotation = rotation;
    this.tree = tree;
    this.random = random;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    return rotation.get(tree.least(random.nextLong()));
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    Candidate chosen = pick(call);
    return new ExplainedPick(
        chosen, LeastRequestPicker.describe(chosen.load()) + ", the least of " + rotation.size());
  }
}
