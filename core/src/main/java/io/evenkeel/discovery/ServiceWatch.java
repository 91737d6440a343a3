package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.grpc.Status;

/**
 * A target that is watched without a channel: by a program that wants to know where a service runs,
 * and not to call it. It shares the discovery that channels of the same target in this process
 * have.
 *
 * <pre>{@code
 * try (ServiceWatch watch = ServiceWatch.open("file:///var/run/services/orders", listener)) {
 *   …
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ServiceWatch implements AutoCloseable {
  private final Watch watch;

  /** Hears what is known of the target: one call at a time, on threads that must not be blocked. */
  public interface Listener {

    /**
     * This is the list now; never empty. One that follows another shortly may be left out, the last
     * never is. Also told when only {@link EndpointSet#problems} changed.
     */
    void onEndpoints(EndpointSet endpoints);

    /**
     * There is no list, or not any more.
     *
     * @param status not OK; names the target and says why
     */
    void onError(Status status);
  }

  private ServiceWatch(Watch watch) {
    this.watch = watch;
  }

  /**
   * Watches {@code target} until the watch is closed. Returns at once.
   *
   * @throws IllegalArgumentException if the target is malformed, or its scheme is none of
   *     Evenkeel's
   */
  public static ServiceWatch open(String target, Listener listener) {
    SourceTarget source = SourceTarget.parse(target);
    return new ServiceWatch(Supervisors.SHARED.watch(source, view -> tell(listener, view)));
  }

  /** Asks the registry to look again; put off where it was asked less than a second ago. */
  public void refresh() {
    watch.refresh();
  }

  /** How the discovery stands: how old its list is, and what is wrong with it. */
  public DiscoveryStatus status() {
    return watch.status();
  }

  /** Ends the watch. Safe to call twice. */
  @Override
  public void close() {
    watch.close();
  }

  private static void tell(Listener listener, View view) {
    EndpointSet endpoints = view.endpoints();
    Status failure = view.failure();
    if (endpoints != null) {
      listener.onEndpoints(endpoints);
    } else if (failure != null) {
      listener.onError(failure);
    }
  }
}
