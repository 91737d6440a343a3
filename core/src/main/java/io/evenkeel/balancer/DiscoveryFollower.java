package io.evenkeel.balancer;

import io.evenkeel.BalancerListener;
import io.evenkeel.DiscoveryStatus;
import io.evenkeel.SourceSnapshot;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the discovery behind the lists of one balancer, and tells its listeners what happens to
 * it. Synchronization context only, but for {@link #snapshot}.
 */
final class DiscoveryFollower implements AutoCloseable {
  private final SynchronizationContext syncContext;
  private final Listeners listeners;
  private volatile @Nullable DiscoveryStatus status;
  private DiscoveryStatus.@Nullable Subscription subscription;

  DiscoveryFollower(SynchronizationContext syncContext, Listeners listeners) {
    this.syncContext = syncContext;
    this.listeners = listeners;
  }

  /** Follows {@code next} from now on; null where the resolver is not one of Evenkeel's. */
  void follow(@Nullable DiscoveryStatus next) {
    if (next == status) {
      return;
    }
    close();
    status = next;
    if (next == null) {
      return;
    }
    subscription = next.subscribe(new Relay(next));
    SourceSnapshot now = next.snapshot();
    if (now.stale()) {
      Status reason = Status.UNAVAILABLE.withDescription(now.problem());
      listeners.tell(listener -> listener.onDiscoveryStale(reason));
    }
  }

  /** How that discovery stands. Any thread. */
  Optional<SourceSnapshot> snapshot() {
    return Optional.ofNullable(status).map(DiscoveryStatus::snapshot);
  }

  @Override
  public void close() {
    if (subscription != null) {
      subscription.close();
      subscription = null;
    }
    status = null;
  }

  private final class Relay implements DiscoveryStatus.Observer {
    private final DiscoveryStatus from;

    Relay(DiscoveryStatus from) {
      this.from = from;
    }

    @Override
    public void onStale(Status reason) {
      tell(listener -> listener.onDiscoveryStale(reason));
    }

    @Override
    public void onRecovered() {
      tell(BalancerListener::onDiscoveryRecovered);
    }

    @Override
    public void onDropHeld(int endpoints) {
      tell(listener -> listener.onDropHeld(endpoints));
    }

    @Override
    public void onSource(String target) {
      tell(listener -> listener.onDiscoverySource(target));
    }

    @Override
    public void onRebuilt(long total) {
      tell(listener -> listener.onDiscoveryRebuilt(total));
    }

    private void tell(Consumer<BalancerListener> event) {
      syncContext.execute(
          () -> {
            if (from == status) {
              listeners.tell(event);
            }
          });
    }
  }
}
