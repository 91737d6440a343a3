package io.evenkeel.limit;

/**
 * Estimates how many calls wait in the server: of the limit, the part by which latency exceeds the
 * lowest that was seen. Keeps that between two bounds that grow with the logarithm of the limit.
 * The lowest latency is forgotten from time to time, as the server may have become slower for good.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">Netflix, concurrency-limits,
 *     VegasLimit</a>
 */
final class VegasRule implements LimitRule {
  private static final int FEW = 3;
  private static final int MANY = 6;

  /** After so many windows, times the limit's logarithm, the lowest latency is taken anew. */
  private static final int PROBE = 100;

  private double lowestNanos;
  private double sinceProbe;

  @Override
  public double next(double limit, Window window) {
    if (window.meanNanos() == 0) {
      return limit - Math.max(1, Math.log10(limit));
    }
    double step = Math.max(1, Math.log10(limit));
    sinceProbe++;
    if (lowestNanos == 0 || sinceProbe > PROBE * step) {
      sinceProbe = 0;
      lowestNanos = window.meanNanos();
      return limit;
    }
    lowestNanos = Math.min(lowestNanos, window.meanNanos());
    double queue = Math.ceil(limit * (1 - lowestNanos / window.meanNanos()));
    if (window.dropped()) {
      return limit - step;
    }
    if (window.unused(limit)) {
      return limit;
    }
    if (queue <= step) {
      return limit + MANY * step;
    }
    if (queue < FEW * step) {
      return limit + step;
    }
    return queue > MANY * step ? limit - step : limit;
  }
}
