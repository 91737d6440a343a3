package io.evenkeel.policy;

import io.evenkeel.load.EndpointLoad;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The endpoints that take calls now, with their effective weights. Immutable; never empty. */
public final class Rotation {
  private final Candidate[] candidates;
  private final double @Nullable [] weights; // null when all are the same
  private final double firstWeight;

  /**
   * A rotation of {@code candidates} that weigh {@code weights}, each more than zero.
   *
   * @throws IllegalArgumentException if there is no candidate, or not a weight for each
   */
  public Rotation(List<? extends Candidate> candidates, double[] weights) {
    if (candidates.isEmpty() || candidates.size() != weights.length) {
      throw new IllegalArgumentException(
          candidates.size()
              + " candidates and "
              + weights.length
              + " weights (expected: one weight each, at least one)");
    }
    this.candidates = candidates.toArray(new Candidate[0]);
    this.weights = allEqual(weights) ? null : weights.clone();
    this.firstWeight = weights[0];
  }

  /** How many endpoints are in rotation. */
  public int size() {
    return candidates.length;
  }

  /** The candidate at {@code index}, in the order of discovery. */
  public Candidate get(int index) {
    return candidates[index];
  }

  /**
   * What the candidates carry, by index, in an array of the caller's own: a picker that compares
   * loads is spared the way through the candidates.
   */
  public EndpointLoad[] loads() {
    return Arrays.stream(candidates).map(Candidate::load).toArray(EndpointLoad[]::new);
  }

  /**
   * The effective weight of the candidate at {@code index}, relative to the others; more than zero.
   */
  public double weight(int index) {
    return weights == null ? firstWeight : weights[index];
  }

  /** Whether all weights are the same. */
  public boolean evenlyWeighted() {
    return weights == null;
  }

  private static boolean allEqual(double[] weights) {
    for (double weight : weights) {
      if (weight != weights[0]) {
        return false;
      }
    }
    return true;
  }
}
