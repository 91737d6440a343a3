package io.evenkeel.backoff;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Waits between tries that fail one after the other: each is 1.6 times as long as the one before,
 * up to a bound, and drawn from ±20 % around that, so that clients which lost the same server do
 * not return together.
 *
 * <p>Not thread-safe: for one synchronization context.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md">gRPC's
 *     connection back-off</a>
 */
public final class Backoff {
  /** The wait that gRPC begins with. */
  public static final Duration FIRST = Duration.ofSeconds(1);

  private static final double GROWTH = 1.6;
  private static final double JITTER = 0.2;

  private final double mostNanos;
  private final DoubleSupplier random;
  private double meanNanos;

  /**
   * Begins with {@link #FIRST}.
   *
   * @param most the longest wait, before it is spread
   * @param random chance, from 0 to 1
   */
  public Backoff(Duration most, DoubleSupplier random) {
    this.mostNanos = most.toNanos();
    this.random = random;
    this.meanNanos = FIRST.toNanos();
  }

  /**
   * The wait after the {@code failures}-th failure in a row, for those who keep count themselves.
   *
   * @param failures at least 1
   */
  public static long waitNanos(int failures, Duration most, DoubleSupplier random) {
    double mean = (double) FIRST.toNanos() * Math.pow(GROWTH, failures - 1);
    return spread(Math.min((double) most.toNanos(), mean), random);
  }

  /** The wait after one more failure. */
  public long nextNanos() {
    long wait = spread(meanNanos, random);
    meanNanos = Math.min(mostNanos, meanNanos * GROWTH);
    return wait;
  }

  private static long spread(double meanNanos, DoubleSupplier random) {
    return (long) (meanNanos * (1 + JITTER * (2 * random.getAsDouble() - 1)));
  }

  /** A try has succeeded: begins anew. */
  public void reset() {
    meanNanos = FIRST.toNanos();
  }
}
