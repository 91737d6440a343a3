package io.evenkeel.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * gRPC's health protocol, version 1, for every service of one server and, by the empty name, for
 * the server as a whole.
 *
 * <p>It also ends the watches that clients keep open, which a server that stops would otherwise
 * wait for. Thread-safe.
 */
final class ServerHealth {
  private final HealthStatusManager statuses = new HealthStatusManager();
  private final Watches watches = new Watches();

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
    watches.end();
  }

  private static final class Watches implements ServerInterceptor {
    private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
        return next.startCall(call, headers);
      }
      EndableCall<ReqT, RespT> watch = new EndableCall<>(call);
      open.add(watch);
      if (ended) {
        watch.end();
      }
      return new EndListener<>(next.startCall(watch, headers), () -> open.remove(watch));
    }

    void end() {
      ended = true;
      open.forEach(EndableCall::end);
    }
  }

  /** A call that may be ended from outside while its handler still sends. */
  private static final class EndableCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private boolean closed; // guarded by this

    EndableCall(ServerCall<ReqT, RespT> delegate) {
      super(delegate);
    }

    void end() {
      close(Status.UNAVAILABLE.withDescription("the server is stopping"), new Metadata());
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(RespT message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }
}
