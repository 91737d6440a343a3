package io.evenkeel.policy.roundrobin;

import io.evenkeel.policy.Candidate;
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
    // 2^63 picks do not wrap around in any process's life.
    return rotation.get(sequence.next() % rotation.size());
  }
}
