package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks discovery again, over and over, while no endpoint takes calls: its list may be the reason,
 * also where all are connected and none is well. Synchronization context only.
 */
final class LossRefresh {
  /**
   * Give or take {@link #JITTER}, so that clients that lost the same service do not ask at once.
   */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final double JITTER = 0.2;

  private final PolicyContext context;
  private final Runnable refresh;
  private @Nullable ScheduledHandle timer; // while all is lost

  LossRefresh(PolicyContext context, Runnable refresh) {
    this.context = context;
    this.refresh = refresh;
  }

  void lost() {
    if (timer == null) {
      double spread = 1 + JITTER * (2 * context.random().nextDouble() - 1);
      timer = context.timer().schedule(this::ask, (long) (INTERVAL.toNanos() * spread));
    }
  }

  void over() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void ask() {
    timer = null;
    refresh.run();
    lost();
  }
}
