package io.evenkeel.policy;

import io.grpc.LoadBalancer.PickSubchannelArgs;

/**
 * Chooses the endpoint of one call. This is the hot path: no lock, no allocation, no blocking.
 *
 * <p>Thread-safe. It can be asked several times for the same call, so it counts nothing.
 */
@FunctionalInterface
public interface Picker {

  /**
   * One of the rotation's candidates. What it throws is counted, and the call goes to some other
   * endpoint in rotation.
   */
  Candidate pick(PickSubchannelArgs call);

  /**
   * Chooses as {@link #pick} does and says why. Asked in its place while somebody wants picks
   * explained, so it may allocate and take microseconds.
   */
  default ExplainedPick explainedPick(PickSubchannelArgs call) {
    return new ExplainedPick(pick(call), "");
  }
}
