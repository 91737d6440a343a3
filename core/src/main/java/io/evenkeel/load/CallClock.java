package io.evenkeel.load;

import java.util.function.LongSupplier;

/**
 * A clock that each call reads when it starts and when it ends, and that remembers the last time it
 * was read. A pick takes that, as reading a clock costs more than all else that a pick does.
 *
 * <p>What is remembered can be old when calls are rare. Averages that decay side by side compare
 * the same at any moment, and the start of the very call that is picked for brings the time up to
 * date: a pick sees what the pick before it could have seen.
 *
 * <p>Thread-safe.
 */
public final class CallClock {
  /** Between two writes at least, so that threads seldom wait for each other's. */
  private static final long RESOLUTION_NANOS = 1_000_000;

  private final LongSupplier nanoTime;
  private volatile long lastNanos;

  /** A clock on top of {@code nanoTime}, which is as {@link System#nanoTime}. */
  public CallClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
  }

  /** The time when a call last started or ended, to one millisecond. */
  public long lastNanos() {
    return lastNanos;
  }

  /** The time now. */
  long readNanos() {
    long now = nanoTime.getAsLong();
    if (now - lastNanos >= RESOLUTION_NANOS) {
      lastNanos = now;
    }
    return now;
  }
}
