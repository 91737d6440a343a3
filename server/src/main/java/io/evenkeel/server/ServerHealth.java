package io.evenkeel.server;

import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;

/**
 * gRPC's health protocol, version 1, for every service of one server and, by the empty name, for
 * the server as a whole.
 *
 * <p>It also ends the watches that clients keep open, which a server that stops would otherwise
 * wait for. Thread-safe.
 */
final class ServerHealth {
  private final HealthStatusManager statuses = new HealthStatusManager();
  private final OpenCalls watches = new OpenCalls();

  ServerServiceDefinition service() {
    return ServerInterceptors.intercept(statuses.getHealthService(), watches);
  }

  void serving(Collection<String> services) {
    statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    services.forEach(service -> statuses.setStatus(service, ServingStatus.SERVING));
  }

  /** Answers NOT_SERVING for everything, for good. */
  void notServing() {
    statuses.enterTerminalState();
  }

  /** Ends all watches and those that are still to come. */
  void endWatches() {
    watches.end(Status.UNAVAILABLE.withDescription("the server is stopping"));
  }
}
