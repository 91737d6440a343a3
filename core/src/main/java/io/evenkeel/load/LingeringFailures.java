package io.evenkeel.load;

import io.grpc.SynchronizationContext.ScheduledHandle;
import java.util.function.Consumer;

/**
 * The failures of one endpoint that still weigh, and the timer that ends it. It lasts as long as
 * its timer: a handle may be cancelled in the synchronization context only, so when the endpoint
 * answers the timer is left to run out, and serves the failures that come meanwhile.
 *
 * <p>Everything under the lock of the endpoint's load, but {@link #count}.
 */
final class LingeringFailures {
  private final LingerRules rules;
  private final Runnable onTimer;
  private volatile int count;
  private long firstNanos;
  private ScheduledHandle timer;

  /** None yet. Has {@code onTimer} called when it is time to {@link #expire}. */
  LingeringFailures(LingerRules rules, Consumer<LingeringFailures> onTimer) {
    this.rules = rules;
    this.onTimer = () -> onTimer.accept(this);
    this.timer = schedule(LingerRules.LINGER.toNanos());
  }

  /** How many there are. Any thread, without the lock. */
  int count() {
    return count;
  }

  /** One more has failed. */
  void add() {
    int before = count;
    if (before == 0) {
      firstNanos = rules.nanoTime().getAsLong();
    }
    count = before + 1;
  }

  /** The endpoint has answered. */
  void forget() {
    count = 0;
  }

  /** The timer has run out: answers whether all is over, and else waits for what is younger. */
  boolean expire() {
    if (count == 0) {
      return true;
    }
    long ageNanos = rules.nanoTime().getAsLong() - firstNanos;
    long leftNanos = LingerRules.LINGER.toNanos() - ageNanos;
    if (leftNanos <= 0) {
      return true;
    }
    timer = schedule(leftNanos);
    return false;
  }

  /** Ends the timer. Synchronization context only. */
  void close() {
    timer.cancel();
  }

  private ScheduledHandle schedule(long delayNanos) {
    return rules.timer().schedule(onTimer, delayNanos);
  }
}
