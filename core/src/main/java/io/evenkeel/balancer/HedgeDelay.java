package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.evenkeel.retry.HedgingConfig;
import io.evenkeel.retry.RecentLatencies;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a call has to be without an answer before it is hedged: as long as most answers have
 * taken of late. gRPC's own hedging delay is the shortest; a hedge that gRPC starts sooner than
 * this says waits in the channel, and is dropped there when the answer comes.
 *
 * <p>Synchronization context only, except where a method says otherwise.
 */
final class HedgeDelay {
  /** The latencies of six such windows count. */
  private static final Duration WINDOW = Duration.ofSeconds(5);

  /** How often the percentile is taken anew. */
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private static final int REFRESHES_PER_WINDOW = (int) WINDOW.dividedBy(REFRESH);

  private final PolicyContext context;
  private Optional<HedgingConfig> config = Optional.empty();
  private volatile @Nullable RecentLatencies latencies; // while configured
  private volatile long delayNanos; // 0 while nothing is known
  private @Nullable ScheduledHandle timer; // while configured
  private int refreshes;

  HedgeDelay(PolicyContext context) {
    this.context = context;
  }

  void use(Optional<HedgingConfig> next) {
    config = next;
    delayNanos = 0;
    if (next.isEmpty()) {
      close();
    } else if (timer == null) {
      latencies = new RecentLatencies();
      schedule();
    } else {
      refresh();
    }
  }

  /** Where answers are counted; null unless configured. Any thread. */
  @Nullable RecentLatencies latencies() {
    return latencies;
  }

  /**
   * How much longer a hedge of a call is to wait that was started at {@code startNanos}; 0 or less
   * when it may start. Any thread.
   */
  long waitNanos(long startNanos, long nowNanos) {
    long delay = delayNanos;
    return delay == 0 ? 0 : delay - (nowNanos - startNanos);
  }

  void close() {
    latencies = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void schedule() {
    timer = context.timer().schedule(this::tick, REFRESH.toNanos());
  }

  private void tick() {
    schedule();
    refresh();
    RecentLatencies counted = latencies;
    if (counted != null && ++refreshes % REFRESHES_PER_WINDOW == 0) {
      counted.nextWindow();
    }
  }

  private void refresh() {
    RecentLatencies counted = latencies;
    if (counted != null && config.isPresent()) {
      delayNanos = Math.max(0, counted.percentileNanos(config.get().percentile()));
    }
  }
}
