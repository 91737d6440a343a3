package io.evenkeel.load;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The attempts of one connection's life that nothing but its end is sure to release. Thread-safe.
 */
final class ConnectionEpoch {
  private static final int ENDED = -1;

  private final AtomicInteger open = new AtomicInteger();

  /** Counts one more attempt, unless the connection is gone. */
  boolean enter() {
    return open.getAndUpdate(count -> count == ENDED ? ENDED : count + 1) != ENDED;
  }

  /** Counts one attempt less; false when the end of the connection has released it already. */
  boolean leave() {
    return open.getAndUpdate(count -> count == ENDED ? ENDED : count - 1) != ENDED;
  }

  /** Ends the epoch and answers how many attempts it releases. */
  int end() {
    return Math.max(0, open.getAndSet(ENDED));
  }
}
