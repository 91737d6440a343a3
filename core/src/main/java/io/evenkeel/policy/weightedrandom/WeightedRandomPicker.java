package io.evenkeel.policy.weightedrandom;

import io.evenkeel.policy.AliasTable;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

/** Takes an endpoint with the probability of its weight. Thread-safe. */
final class WeightedRandomPicker implements Picker {
  private final Rotation rotation;
  private final AliasTable table;
  private final RandomGenerator random;

  WeightedRandomPicker(Rotation rotation, AliasTable table, RandomGenerator random) {
    this.rotation = rotation;
    this.table = table;
    this.random = random;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    return rotation.get(drawn());
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    int index = drawn();
    return new ExplainedPick(
        rotation.get(index),
        "drawn from " + rotation.size() + " by a weight of " + rotation.weight(index));
  }

  private int drawn() {
    return table.indexOf(random.nextLong());
  }
}
