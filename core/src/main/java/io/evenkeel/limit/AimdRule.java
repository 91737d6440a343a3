package io.evenkeel.limit;

/**
 * Additive increase, multiplicative decrease.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">Netflix, concurrency-limits,
 *     AIMDLimit</a>
 */
final class AimdRule implements LimitRule {
  private static final double BACK_OFF = 0.9;

  @Override
  public double next(double limit, Window window) {
    if (window.dropped()) {
      return limit * BACK_OFF;
    }
    return window.unused(limit) ? limit : limit + 1;
  }
}
