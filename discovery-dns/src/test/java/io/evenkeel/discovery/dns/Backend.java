package io.evenkeel.discovery.dns;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC server on loopback that counts its calls and the connections it lost. */
final class Backend implements AutoCloseable {
  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger connectionsLost = new AtomicInteger();
  private final Server server;

  /** Listens at {@code host}; at any free port where {@code port} is 0. */
  Backend(String host, int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(Zone.socket(host, port))
            .addService(new HealthStatusManager().getHealthService())
            .intercept(new Counter())
            .addTransportFilter(
                new ServerTransportFilter() {
                  @Override
                  public void transportTerminated(Attributes attributes) {
                    connectionsLost.incrementAndGet();
                  }
                })
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Counter implements ServerInterceptor {
    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
        ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
      calls.incrementAndGet();
      return next.startCall(call, headers);
    }
  }
}
