package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.policy.AliasTable;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.Sequence;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes endpoints in proportion to their weights, in an order that is spread as evenly as a round.
 *
 * <h2>How it works</h2>
 *
 * Multiples of the golden ratio, taken modulo one, fill the unit interval more evenly than any
 * other sequence of its kind: after any number of steps the gaps have at most three different
 * lengths. Pick k looks up the k-th such number in a table that gives each endpoint a part of the
 * interval as long as its weight. So shares are right after a few picks, as with a schedule, but
 * there is no schedule whose length or cost would grow with the weights.
 *
 * <p>Thread-safe: all threads share one sequence. The table can be replaced while calls go on.
 *
 * @see <a href="https://doi.org/10.1007/BF01475864">Weyl, Über die Gleichverteilung von Zahlen mod.
 *     Eins (1916)</a>
 */
final class WeightedRoundRobinPicker implements Picker {
  /** The golden ratio's fractional part, out of 2^64. */
  private static final long GOLDEN_STEP = 0x9E37_79B9_7F4A_7C15L;

  private final Rotation rotation;
  private final Sequence sequence;
  private volatile double @Nullable [] weights; // null for those of the rotation
  private volatile @Nullable AliasTable table; // null while all weigh the same

  /** Weighs the endpoints by {@code weights}; null for those of the rotation. */
  WeightedRoundRobinPicker(Rotation rotation, Sequence sequence, double @Nullable [] weights) {
    this.rotation = rotation;
    this.sequence = sequence;
    this.weights = weights;
    this.table = tableOf(rotation, weights);
  }

  /** Weighs the endpoints by {@code weights} from now on; null for those of the rotation. */
  void setWeights(double @Nullable [] weights) {
    this.weights = weights;
    this.table = tableOf(rotation, weights);
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    return rotation.get(next());
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    boolean alike = table == null;
    double @Nullable [] current = weights;
    int index = next();
    double weight = current == null ? rotation.weight(index) : current[index];
    String reason =
        alike
            ? "its turn in a round of " + rotation.size() + ", as all weigh " + weight
            : "its turn by a weight of " + weight;
    return new ExplainedPick(rotation.get(index), reason);
  }

  private int next() {
    AliasTable current = table;
    int number = sequence.next();
    return current == null ? number % rotation.size() : current.indexOf(number * GOLDEN_STEP);
  }

  private static @Nullable AliasTable tableOf(Rotation rotation, double @Nullable [] weights) {
    if (weights == null) {
      return rotation.evenlyWeighted() ? null : AliasTable.of(rotation);
    }
    boolean alike = Arrays.stream(weights).allMatch(weight -> weight == weights[0]);
    return alike ? null : AliasTable.of(weights);
  }
}
