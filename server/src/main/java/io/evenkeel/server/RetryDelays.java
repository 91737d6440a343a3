package io.evenkeel.server;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: from {@value #FIRST_MILLIS} ms, doubling up to ten
 * seconds, give or take 20 % so that servers which lost the same registry do not return together.
 */
final class RetryDelays {
  private static final int FIRST_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 7;
  private static final double JITTER = 0.2;
  private static final long MOST_NANOS = Duration.ofSeconds(10).toNanos();

  private final RandomGenerator random;

  RetryDelays(RandomGenerator random) {
    this.random = random;
  }

  /** The wait after the {@code attempt}-th failure, counted from 1. */
  long nanosAfter(int attempt) {
    int doublings = Math.min(attempt - 1, MOST_DOUBLINGS);
    long nanos = Math.min(MOST_NANOS, Duration.ofMillis(FIRST_MILLIS).toNanos() << doublings);
    return (long) (nanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
  }
}
