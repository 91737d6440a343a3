package io.evenkeel.policy.hash;

import io.evenkeel.load.EndpointLoad;
import io.evenkeel.load.LoadSum;

/**
 * Keeps each endpoint at or below {@code factor} times its share of the calls in flight, rounded
 * up.
 *
 * <p>The share is counted with the call that is about to start, so an idle endpoint always takes
 * one. There is always an endpoint below its bound, as all bounds together are more than all calls.
 * Calls that are picked at the same moment do not see each other: an endpoint can exceed its bound
 * by as many calls as there are threads that pick. Thread-safe.
 *
 * @see <a href="https://arxiv.org/abs/1608.01350">Mirrokni, Thorup, Zadimoghaddam, Consistent
 *     Hashing with Bounded Loads (2016)</a>
 */
final class LoadBound {
  private final Membership members;
  private final double factor;
  private final double totalWeight;
  private final LoadSum sum;

  /** A bound for {@code members}, which together carry {@code sum}. */
  LoadBound(Membership members, double factor, LoadSum sum) {
    this.members = members;
    this.factor = factor;
    this.totalWeight = members.totalWeight();
    this.sum = sum;
  }

  /** Whether the endpoint at {@code index}, which carries {@code load}, may take one more call. */
  boolean admits(int index, EndpointLoad load) {
    // Products of whole numbers are exact where quotients would be rounded.
    return load.inFlight() * totalWeight < factor * (sum.inFlight() + 1) * members.weight(index);
  }
}
