package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.evenkeel.slowstart.EndpointAge;
import io.evenkeel.slowstart.SlowStart;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives endpoints that are new to the fleet less than their share at first. One timer for all,
 * while there are any. Synchronization context only.
 */
final class WarmUp {
  private final PolicyContext context;
  private final Runnable step;
  private Optional<SlowStart> config = Optional.empty();
  private @Nullable ScheduledHandle timer;

  /** Runs {@code step} when shares are to be looked at again. */
  WarmUp(PolicyContext context, Runnable step) {
    this.context = context;
    this.step = step;
  }

  /** Warms up by {@code next} from now on; says whether that is new. */
  boolean use(Optional<SlowStart> next) {
    boolean changed = !next.equals(config);
    config = next;
    return changed;
  }

  boolean configured() {
    return config.isPresent();
  }

  /** The part of its share that the endpoint of {@code share} gets now by its age. */
  double factor(EndpointShare share) {
    return config.isEmpty() ? 1 : config.get().factor(now() - share.bornNanos());
  }

  /** The share of an endpoint that was there before anybody warmed up. */
  EndpointShare old() {
    return new EndpointShare(now() - EndpointAge.OLD_NANOS);
  }

  /** Waits for the next step of those of {@code connections} that are new. */
  void watch(Collection<EndpointConnection> connections) {
    close();
    if (config.isEmpty()) {
      return;
    }
    long youngest = EndpointAge.OLD_NANOS;
    long now = now();
    for (EndpointConnection connection : connections) {
      EndpointShare share = connection.share();
      if (share != null) {
        youngest = Math.min(youngest, now - share.bornNanos());
      }
    }
    long wait = config.get().nextStepNanos(youngest);
    if (wait != SlowStart.NO_STEP) {
      timer = context.timer().schedule(this::run, wait);
    }
  }

  void close() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void run() {
    timer = null;
    step.run();
  }

  private long now() {
    return context.nanoTime().getAsLong();
  }
}
