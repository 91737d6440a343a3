package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Has calls looked at again that wait for time to pass. Many that wait are looked at together.
 *
 * <p>Thread-safe; one timer at most.
 */
final class CallWaker implements Admission.Waker {
  /** A call waits no longer than this beyond its time. */
  static final Duration TICK = Duration.ofMillis(2);

  private final PolicyContext context;
  private final Runnable wake;
  private final AtomicBoolean waiting = new AtomicBoolean();
  private volatile @Nullable ScheduledHandle timer;
  private volatile boolean closed;

  /** Runs {@code wake} in the synchronization context. */
  CallWaker(PolicyContext context, Runnable wake) {
    this.context = context;
    this.wake = wake;
  }

  @Override
  public void wakeIn(long nanos) {
    if (!closed && waiting.compareAndSet(false, true)) {
      timer = context.timer().schedule(this::run, Math.min(nanos, TICK.toNanos()));
    }
  }

  void close() {
    closed = true;
    ScheduledHandle running = timer;
    if (running != null) {
      running.cancel();
    }
  }

  private void run() {
    waiting.set(false);
    if (!closed) {
      wake.run();
    }
  }
}
