package io.evenkeel.discovery.fixed;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import org.jspecify.annotations.Nullable;

/** Says the same list whenever it is asked; host names in it are looked up anew each time. */
final class FixedDiscovery implements Discovery {
  private final EndpointSet endpoints;
  private @Nullable DiscoveryListener listener;

  FixedDiscovery(EndpointSet endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public void start(DiscoveryListener listener) {
    this.listener = listener;
    listener.onEndpoints(endpoints);
  }

  @Override
  public void refresh() {
    if (listener != null) {
      listener.onEndpoints(endpoints);
    }
  }

  @Override
  public void close() {
    listener = null;
  }
}
