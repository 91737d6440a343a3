package io.evenkeel.policy.leastrequest;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

/**
 * Sends each call to the least busy of a few endpoints drawn at random.
 *
 * <p>The first is drawn from all. The others are drawn one each from equal parts of the rest, so
 * none comes twice and each endpoint is as likely as any other. An endpoint of twice the weight
 * counts as busy with twice the calls.
 *
 * <p>Thread-safe: the rotation never changes.
 *
 * @see <a href="https://www.eecs.harvard.edu/~michaelm/postscripts/tpds2001.pdf">Mitzenmacher, The
 *     Power of Two Choices in Randomized Load Balancing (2001)</a>
 */
final class LeastRequestPicker implements Picker {
  private final Rotation rotation;
  private final int choices;
  private final RandomGenerator random;

  LeastRequestPicker(Rotation rotation, int choices, RandomGenerator random) {
    this.rotation = rotation;
    this.choices = Math.min(choices, rotation.size());
    this.random = random;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    int size = rotation.size();
    int first = random.nextInt(size);
    int best = first;
    int others = size - 1;
    for (int drawn = 1; drawn < choices; drawn++) {
      int from = (int) ((long) others * (drawn - 1) / (choices - 1));
      int to = (int) ((long) others * drawn / (choices - 1));
      int ahead = 1 + from + random.nextInt(to - from);
      int other = first + ahead < size ? first + ahead : first + ahead - size;
      best = lessBusy(best, other);
    }
    return rotation.get(best);
  }

  private int lessBusy(int left, int right) {
    return cost(right, left) < cost(left, right) ? right : left;
  }

  /**
   * The load of {@code index} with one more call, times the other's weight: comparing products
   * saves two divisions.
   */
  private double cost(int index, int other) {
    return (rotation.get(index).load().inFlight() + 1) * rotation.weight(other);
  }
}
