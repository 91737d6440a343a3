package io.evenkeel.discovery;

import io.grpc.Status;
import java.time.Duration;

/** Hears what a {@link Discovery} sees. Thread-safe; never blocks. */
public interface DiscoveryListener {

  /** This is the whole list now; it replaces every earlier one. */
  void onEndpoints(EndpointSet endpoints);

  /**
   * The registry could not be read. The last list stays in use; without one, calls fail with this
   * status.
   *
   * @param status not OK; its description says what, where and what to do
   */
  void onError(Status status);

  /**
   * As {@link #onError(Status)} of a registry that answers, and asks to be left alone: the
   * discovery is not asked to look for so long, and not replaced for this error. See {@link Rest}.
   *
   * @param rest zero for none
   */
  default void onError(Status status, Duration rest) {
    onError(status);
  }
}
