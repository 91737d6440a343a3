package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replaces connections that have become old, one at a time: behind a load balancer of connections
 * new ones may reach other servers. The new connection is up before the old one goes.
 *
 * <p>Synchronization context only.
 */
final class Renewal {
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
  private static final int LOOKS_IN_A_LIFE = 50;

  /** Looks at ten thousand connections are a tenth of a second apart. */
  private static final long PER_CONNECTION_NANOS = 10_000;

  private final PolicyContext context;
  private final Supplier<Collection<EndpointConnection>> connections;
  private Optional<Duration> maxAge = Optional.empty();
  private @Nullable ScheduledHandle timer; // while connections age
  private @Nullable EndpointConnection renewing;

  Renewal(PolicyContext context, Supplier<Collection<EndpointConnection>> connections) {
    this.context = context;
    this.connections = connections;
  }

  /** Lets no connection become older than {@code maxAge} from now on; any age if empty. */
  void use(Optional<Duration> maxAge) {
    if (maxAge.equals(this.maxAge)) {
      return;
    }
    this.maxAge = maxAge;
    close();
    maxAge.ifPresent(this::schedule);
  }

  void close() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /**
   * Often enough for an age to be kept to; while one is replaced, so that the next follows soon.
   */
  private void schedule(Duration age) {
    long look = renewing == null ? age.toNanos() / LOOKS_IN_A_LIFE : 0;
    long shortest =
        Math.max(SHORTEST_LOOK.toNanos(), PER_CONNECTION_NANOS * connections.get().size());
    long within = Math.max(shortest, Math.min(LONGEST_LOOK.toNanos(), look));
    timer = context.timer().schedule(this::look, within);
  }

  private void look() {
    if (renewing == null || !renewing.isRenewing()) {
      renewing = oldest();
      if (renewing != null) {
        renewing.renew();
      }
    }
    maxAge.ifPresent(this::schedule);
  }

  private @Nullable EndpointConnection oldest() {
    long now = context.nanoTime().getAsLong();
    return connections.get().stream()
        .filter(connection -> connection.overdueNanos(now) >= 0)
        .max(Comparator.comparingLong(connection -> connection.overdueNanos(now)))
        .orElse(null);
  }
}
