package io.evenkeel.balancer;

import io.grpc.Attributes;
import io.grpc.LoadBalancer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code healthCheckConfig.serviceName} of the service config in what the channel hands to
 * its balancer.
 */
final class HealthServiceName {

  private HealthServiceName() {}

  /** The service to ask for; null when health is not to be checked. */
  static @Nullable String in(Attributes attributes) {
    // gRPC marks this key as internal. It is the only way a balancer learns of the setting, and
    // grpc-services' own wrapper, which reads it too, has no time-out for a silent health service.
    Map<String, ?> config = attributes.get(LoadBalancer.ATTR_HEALTH_CHECKING_CONFIG);
    return config != null && config.get("serviceName") instanceof String name ? name : null;
  }
}
