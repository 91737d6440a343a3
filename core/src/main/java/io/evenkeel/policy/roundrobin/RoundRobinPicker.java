package io.evenkeel.policy.roundrobin;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.concurrent.atomic.AtomicLong;

/** Takes the next endpoint of the round. Thread-safe: all threads share one position. */
final class RoundRobinPicker implements Picker {
  private final Rotation rotation;
  private final AtomicLong position;

  RoundRobinPicker(Rotation rotation, AtomicLong position) {
    this.rotation = rotation;
    this.position = position;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    // 2^63 picks do not wrap around in any process's life.
    return rotation.get((int) (position.getAndIncrement() % rotation.size()));
  }
}
