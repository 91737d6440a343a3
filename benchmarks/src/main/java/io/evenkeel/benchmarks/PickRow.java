package io.evenkeel.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A policy of ours and, where it has one, its peer, measured at the same number of endpoints. */
record PickRow(Subject ours, Figures figures, @Nullable Subject peer, Figures peerFigures) {

  /** Time and allocation of one pick. */
  record Figures(double nanos, double bytes) {
    static final Figures NONE = new Figures(Double.NaN, Double.NaN);

    /** As two cells of a table. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1f | %.0f", nanos, bytes);
    }
  }

  /** Our time divided by the peer's. */
  double ratio() {
    return figures.nanos / peerFigures.nanos;
  }
}
