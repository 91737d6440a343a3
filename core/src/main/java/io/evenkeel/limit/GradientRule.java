package io.evenkeel.limit;

/**
 * Shrinks the limit as far as latency of late exceeds that of the long run by more than half, and
 * otherwise lets it grow by a few calls, which are the queue that a server needs to be busy.
 *
 * <p>Unlike its model it learns a higher latency ten times slower than a lower one, and backs off
 * when calls are dropped. A client that always has as many calls as it may would otherwise take the
 * queue that it makes for the latency of the long run, and raise the limit fast. Where the server
 * never refuses a call it still raises it, by about a tenth a minute, until the largest limit. Of
 * latency alone the limit does not fall below twice the queue.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">Netflix, concurrency-limits,
 *     Gradient2Limit</a>
 */
final class GradientRule implements LimitRule {
  private static final double TOLERANCE = 1.5;
  private static final double SMOOTHING = 0.2;
  private static final double LEAST_GRADIENT = 0.5;
  private static final double BACK_OFF = 0.9;
  private static final int QUEUE = 4;

  /** Windows that the latency of the long run is averaged over. */
  private static final int LONG_RUN = 600;

  /** By how much slower a higher latency is learnt. */
  private static final int RISE = 10;

  /** How many windows it takes until the average is more than that of what there was. */
  private static final int WARM_UP = 10;

  private double longNanos;
  private int windows;

  @Override
  public double next(double limit, Window window) {
    if (window.dropped()) {
      return limit * BACK_OFF;
    }
    double shortNanos = window.meanNanos();
    remember(shortNanos);
    if (longNanos / shortNanos > 2) {
      // Latency has fallen for good: what was learnt under load is soon to be forgotten.
      longNanos *= 0.95;
    }
    if (window.unused(limit)) {
      return limit;
    }
    double gradient = Math.max(LEAST_GRADIENT, Math.min(1, TOLERANCE * longNanos / shortNanos));
    double wanted = limit * gradient + QUEUE;
    return limit * (1 - SMOOTHING) + wanted * SMOOTHING;
  }

  private void remember(double nanos) {
    windows++;
    if (windows <= WARM_UP) {
      longNanos += (nanos - longNanos) / windows;
    } else {
      double weight = 2.0 / (LONG_RUN + 1);
      longNanos += (nanos - longNanos) * (nanos < longNanos ? weight : weight / RISE);
    }
  }
}
