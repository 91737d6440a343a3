package io.evenkeel.retry;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * One channel's bound on retries and hedges together: over any ten seconds, a part of the calls and
 * a floor. When everything fails, retries then add that part to the load and no more.
 *
 * <p>Calls that succeed at once pay nothing: how many there were is asked when one is to be tried
 * again, and at most ten times a second.
 *
 * <p>Thread-safe. Further attempts that start at the same moment on several threads may exceed it
 * by as many.
 *
 * @see <a
 *     href="https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala">Finagle,
 *     RetryBudget</a>
 */
public final class RetryBudget {
  private static final int SLOTS = 10;
  private static final long SLOT_NANOS = 1_000_000_000;
  private static final long LOOK_NANOS = SLOT_NANOS / 10;

  private final LongSupplier attempts;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final double[] calls = new double[SLOTS]; // per second, under the lock
  private final long[] further = new long[SLOTS]; // per second, under the lock
  private RetryBudgetConfig config; // under the lock
  private long second; // that of the newest slot
  private long lookedNanos; // when attempts were last asked
  private long seen; // attempts at that time
  private long spent; // further attempts since

  /**
   * A budget of which nothing is spent.
   *
   * @param attempts that the channel has ever started, further ones included; may take long
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  public RetryBudget(RetryBudgetConfig config, LongSupplier attempts, LongSupplier nanoTime) {
    this.config = config;
    this.attempts = attempts;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.seen = attempts.getAsLong();
  }

  /** Allows by {@code next} from now on. What is spent stays spent. */
  public synchronized void reconfigure(RetryBudgetConfig next) {
    config = next;
  }

  /** Whether one more attempt may start now. Asking spends nothing. */
  public synchronized boolean available() {
    advance();
    double allowed =
        config.percent() / 100.0 * Arrays.stream(calls).sum()
            + (double) config.minPerSecond() * SLOTS;
    return Arrays.stream(further).sum() < allowed;
  }

  /** A further attempt of a call starts. */
  public synchronized void spend() {
    advance();
    further[slot()]++;
    spent++;
  }

  private void advance() {
    long now = nanoTime.getAsLong() - startNanos;
    long current = now / SLOT_NANOS;
    if (current - second >= SLOTS) {
      Arrays.fill(calls, 0);
      Arrays.fill(further, 0);
      second = current;
    }
    while (second < current) {
      second++;
      calls[slot()] = 0;
      further[slot()] = 0;
    }
    if (now - lookedNanos >= LOOK_NANOS) {
      look(now);
    }
  }

  private void look(long now) {
    long total = attempts.getAsLong();
    // Endpoints that have left take their attempts along.
    double started = Math.max(0, total - seen - spent);
    long elapsed = now - lookedNanos;
    double window = (double) SLOTS * SLOT_NANOS;
    // When nobody has asked for long, the window had the average of that time.
    calls[slot()] += elapsed > window ? started * window / elapsed : started;
    seen = total;
    spent = 0;
    lookedNanos = now;
  }

  private int slot() {
    return (int) (second % SLOTS);
  }
}
