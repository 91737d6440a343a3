package io.evenkeel.discovery;

import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes a burst of changes on as few: the first at once, then at most one per interval, and always
 * the last.
 *
 * <p>Used in one synchronization context only.
 */
final class Debounce {
  private final SynchronizationContext serial;
  private final DiscoveryContext context;
  private final long intervalNanos;
  private final Runnable passOn;
  private boolean passed; // whether anything was passed on yet
  private long lastNanos;
  private @Nullable ScheduledHandle next;

  Debounce(
      SynchronizationContext serial, DiscoveryContext context, Duration interval, Runnable passOn) {
    this.serial = serial;
    this.context = context;
    this.intervalNanos = interval.toNanos();
    this.passOn = passOn;
  }

  /** There is something to pass on. */
  void changed() {
    if (next != null) {
      return;
    }
    long wait = lastNanos + intervalNanos - context.ticker().getAsLong();
    if (!passed || wait <= 0) {
      pass();
    } else {
      next = serial.schedule(this::pass, wait, TimeUnit.NANOSECONDS, context.scheduler());
    }
  }

  void close() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private void pass() {
    next = null;
    passed = true;
    lastNanos = context.ticker().getAsLong();
    passOn.run();
  }
}
