package io.evenkeel.policy;

import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

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
   * Where the call falls, from 0 to below 1, when calls are split among groups of endpoints, such
   * as zones. Drawn anew each time by default; a picker that keeps calls of the same key together
   * answers the same for the same key.
   */
  default double draw(PickSubchannelArgs call, RandomGenerator random) {
    return random.nextDouble();
  }

  /**
   * Chooses as {@link #pick} does and says why. Asked in its place while somebody wants picks
   * explained, so it may allocate and take microseconds.
   */
  default ExplainedPick explainedPick(PickSubchannelArgs call) {
    return new ExplainedPick(pick(call), "");
  }
}
