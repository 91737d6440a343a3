package io.evenkeel.policy.roundrobin;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.Sequence;
import io.grpc.LoadBalancer.PickSubchannelArgs;

/** Takes the next endpoint of the round. Thread-safe: all threads share one sequence. */
final class RoundRobinPicker implements Picker {
  private final Rotation rotation;
  private final Sequence sequence;

  RoundRobinPicker(Rotation rotation, Sequence sequence) {
    this.rotation = rotation;
    this.sequence = sequence;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    // The numbers begin again after 2^31 picks: one round in all of them may then be cut short.
    return rotation.get(sequence.next() % rotation.size());
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    return new ExplainedPick(pick(call), "its turn in a round of " + rotation.size());
  }
}
