package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.load.ReportedLoad;
import io.evenkeel.policy.Rotation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighs endpoints by what discovery says of them times what they report.
 *
 * <p>An endpoint whose report does not count weighs what the others report in the mean. Fewer than
 * two reports compare nothing, and do not count.
 */
final class Weights {
  private static final int MIN_REPORTS = 2;

  private Weights() {}

  /** The products; null when no report counts, and the weights of {@code rotation} stand alone. */
  static double @Nullable [] of(Rotation rotation, List<ReportedLoad> reports, long nowNanos) {
    double[] weights = reports.stream().mapToDouble(report -> report.weight(nowNanos)).toArray();
    int counting = 0;
    double sum = 0;
    for (double weight : weights) {
      counting += weight > 0 ? 1 : 0;
      sum += weight;
    }
    if (counting < MIN_REPORTS) {
      return null;
    }
    double[] product = new double[rotation.size()];
    for (int i = 0; i < product.length; i++) {
      double reported = weights[i] > 0 ? weights[i] : sum / counting;
      product[i] = rotation.weight(i) * reported;
    }
    return product;
  }
}
