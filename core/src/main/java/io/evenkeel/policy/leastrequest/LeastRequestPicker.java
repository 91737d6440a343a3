package io.evenkeel.policy.leastrequest;

import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.TwoChoices;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

/**
 * Sends each call to the least busy of a few endpoints drawn at random.
 *
 * <p>The first is drawn from all, by weight. The others are drawn one each from equal parts of the
 * rest, so none comes twice. As the draw follows the weights already, idle endpoints count alike;
 * of busy ones, that with the fewest calls for its weight is taken.
 *
 * <p>Thread-safe: the rotation never changes.
 *
 * @see <a href="https://www.eecs.harvard.edu/~michaelm/postscripts/tpds2001.pdf">Mitzenmacher, The
 *     Power of Two Choices in Randomized Load Balancing (2001)</a>
 */
final class LeastRequestPicker implements Picker {
  private final Rotation rotation;
  private final EndpointLoad[] loads;
  private final TwoChoices draw;
  private final int choices;
  private final double bias;
  private final RandomGenerator random;

  LeastRequestPicker(Rotation rotation, int choices, double bias, RandomGenerator random) {
    this.rotation = rotation;
    this.loads = rotation.loads();
    this.draw = new TwoChoices(rotation);
    this.choices = Math.min(choices, rotation.size());
    this.bias = bias;
    this.random = random;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    long number = random.nextLong();
    int first = draw.first(number);
    int best = choices <= 2 ? lessBusy(first, draw.other(number, first)) : leastBusy(first);
    return rotation.get(best);
  }

  private int leastBusy(int first) {
    int size = loads.length;
    int others = size - 1;
    int best = first;
    for (int drawn = 1; drawn < choices; drawn++) {
      int from = (int) ((long) others * (drawn - 1) / (choices - 1));
      int to = (int) ((long) others * drawn / (choices - 1));
      int ahead = 1 + from + random.nextInt(to - from);
      int other = first + ahead < size ? first + ahead : first + ahead - size;
      best = lessBusy(best, other);
    }
    return best;
  }

  /** The less busy of two; {@code left} when they are the same. */
  private int lessBusy(int left, int right) {
    int leftCalls = loads[left].inFlight();
    int rightCalls = loads[right].inFlight();
    if (rotation.evenlyWeighted()) {
      return rightCalls < leftCalls ? right : left;
    }
    if (bias == 0) {
      return left; // it was drawn by weight
    }
    // Products save two divisions.
    return power(rightCalls, bias) * rotation.weight(left)
            < power(leftCalls, bias) * rotation.weight(right)
        ? right
        : left;
  }

  /** {@code calls} to the power of {@code bias}, which is 1 as a rule. */
  static double power(int calls, double bias) {
    return bias == 1 ? calls : Math.pow(calls, bias);
  }
}
