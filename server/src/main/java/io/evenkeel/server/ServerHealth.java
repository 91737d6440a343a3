package io.evenkeel.server;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;

/**
 * gRPC's health protocol, version 1, for every service of one server and, by the empty name, for
 * the server as a whole. Thread-safe.
 */
final class ServerHealth {
  private final HealthStatusManager statuses = new HealthStatusManager();

  BindableService service() {
    return statuses.getHealthService();
  }

  void serving(Collection<String> services) {
    statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    services.forEach(service -> statuses.setStatus(service, ServingStatus.SERVING));
  }

  /** Answers NOT_SERVING for everything, for good. */
  void notServing() {
    statuses.enterTerminalState();
  }
}
