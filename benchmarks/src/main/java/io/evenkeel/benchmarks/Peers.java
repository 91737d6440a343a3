package io.evenkeel.benchmarks;

import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import java.util.Objects;

/** The policies that are measured, as they are without what other jars put around them. */
public final class Peers {

  private Peers() {}

  /**
   * The policy {@code name}. grpc-services replaces round_robin by one that checks health and costs
   * more: from now on this JVM's channels get the plain one too.
   */
  public static LoadBalancerProvider plain(String name) {
    LoadBalancerRegistry registry = LoadBalancerRegistry.getDefaultRegistry();
    LoadBalancerProvider provider = registry.getProvider(name);
    if (provider != null && provider.getClass().getName().contains("HealthChecking")) {
      registry.deregister(provider);
      provider = registry.getProvider(name);
    }
    return Objects.requireNonNull(provider, name);
  }
}
