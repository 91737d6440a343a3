package io.evenkeel.policy.leastrequest;

import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.TwoChoices;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.StringJoiner;
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

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    long number = random.nextLong();
    int first = draw.first(number);
    int best = first;
    StringJoiner drawn = new StringJoiner(", ");
    drawn.add(describe(first));
    for (int turn = 1; turn < choices; turn++) {
      int other = choices == 2 ? draw.other(number, first) : other(first, turn);
      drawn.add(describe(other));
      best = lessBusy(best, other);
    }
    return new ExplainedPick(rotation.get(best), "the least busy of " + drawn);
  }

  private String describe(int index) {
    return rotation.get(index).endpoint().displayAddress()
        + " with "
        + describe(loads[index])
        + (rotation.evenlyWeighted() ? "" : " at a weight of " + rotation.weight(index));
  }

  /** What the endpoint with {@code load} is compared by. */
  static String describe(EndpointLoad load) {
    int failed = load.lingeringFailures();
    return load.inFlight() + " in flight" + (failed == 0 ? "" : " and " + failed + " just failed");
  }

  private int leastBusy(int first) {
    int best = first;
    for (int turn = 1; turn < choices; turn++) {
      best = lessBusy(best, other(first, turn));
    }
    return best;
  }

  /** Draws from the {@code turn}-th of equal parts of what follows {@code first}. */
  private int other(int first, int turn) {
    int size = loads.length;
    int others = size - 1;
    int from = (int) ((long) others * (turn - 1) / (choices - 1));
    int to = (int) ((long) others * turn / (choices - 1));
    int ahead = 1 + from + random.nextInt(to - from);
    return first + ahead < size ? first + ahead : first + ahead - size;
  }

  /** The less busy of two; {@code left} when they are the same. */
  private int lessBusy(int left, int right) {
    int leftCalls = loads[left].burden();
    int rightCalls = loads[right].burden();
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
