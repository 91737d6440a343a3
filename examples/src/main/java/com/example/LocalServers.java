package com.example;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Two servers of this process, so that the examples run by themselves. They only answer health checks. */
final class LocalServers implements AutoCloseable {
  private final Counted left = new Counted();
  private final Counted right = new Counted();

  LocalServers() throws IOException {
    left.server.start();
    right.server.start();
  }

  /** Where they listen: one in the zone {@code left}, one in the zone {@code right}. */
  String target() {
    return "fixed:///127.0.0.1:%d;zone=left,127.0.0.1:%d;zone=right"
        .formatted(left.server.getPort(), right.server.getPort());
  }

  /** Who has answered how many calls. */
  String calls() {
    return "left answered " + left.calls + " calls, right " + right.calls;
  }

  @Override
  public void close() {
    left.server.shutdownNow();
    right.server.shutdownNow();
  }

  private static final class Counted implements ServerInterceptor {
    final AtomicInteger calls = new AtomicInteger();
    final Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new HealthStatusManager().getHealthService())
            .intercept(this)
            .build();

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      calls.incrementAndGet();
      return next.startCall(call, headers);
    }
  }
}
