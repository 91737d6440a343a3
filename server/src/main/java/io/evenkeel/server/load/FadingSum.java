package io.evenkeel.server.load;

/** A sum in which what came earlier counts less. Not thread-safe. */
final class FadingSum {
  private double sum;
  private long total;

  /** Begins to count at {@code total}. */
  void startAt(long total) {
    this.total = total;
  }

  /** Keeps {@code kept} of what there is, from 0 to 1, and adds {@code more}. */
  void add(double more, double kept) {
    sum = sum * kept + more;
  }

  /** Adds that by which {@code total} has grown, as {@link #add} does; answers the sum. */
  double advanceTo(long total, double kept) {
    add((double) (total - this.total), kept);
    this.total = total;
    return sum;
  }

  double value() {
    return sum;
  }
}
