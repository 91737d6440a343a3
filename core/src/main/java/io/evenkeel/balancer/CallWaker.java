package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Has calls looked at again that wait for time to pass. Many that wait are looked at together.
 *
 * <p>Thread-safe; two timers at most.
 */
final class CallWaker implements Admission.Waker {
  /** A call that has less than {@link #PATIENCE} to wait waits no longer than this beyond it. */
  static final Duration TICK = Duration.ofMillis(2);

  /** Those that have longer to wait are looked at so often: there may be many, for long. */
  static final Duration PATIENCE = Duration.ofMillis(100);

  private final PolicyContext context;
  private final Runnable wake;
  private final Alarm soon = new Alarm();
  private final Alarm later = new Alarm();
  private volatile boolean closed;

  /** Runs {@code wake} in the synchronization context. */
  CallWaker(PolicyContext context, Runnable wake) {
    this.context = context;
    this.wake = wake;
  }

  @Override
  public void wakeIn(long nanos) {
    if (nanos < PATIENCE.toNanos()) {
      soon.ringIn(Math.min(nanos, TICK.toNanos()));
    } else {
      later.ringIn(PATIENCE.toNanos());
    }
  }

  void close() {
    closed = true;
    soon.cancel();
    later.cancel();
  }

  private final class Alarm {
    private final AtomicBoolean set = new AtomicBoolean();
    private volatile @Nullable ScheduledHandle timer;

    void ringIn(long nanos) {
      if (!closed && set.compareAndSet(false, true)) {
        timer = context.timer().schedule(this::ring, nanos);
      }
    }

    void cancel() {
      ScheduledHandle running = timer;
      if (running != null) {
        running.cancel();
      }
    }

    private void ring() {
      set.set(false);
      if (!closed) {
        wake.run();
      }
    }
  }
}
