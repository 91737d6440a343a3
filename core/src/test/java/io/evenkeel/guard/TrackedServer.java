package io.evenkeel.guard;

import io.evenkeel.fixture.Echo;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A server on the loopback interface that knows over which connections its calls come, and may hold
 * them. Thread-safe.
 */
final class TrackedServer implements ServerInterceptor, AutoCloseable {
  private final Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
  private final List<StreamObserver<String>> held = new ArrayList<>(); // guarded by itself
  private final Server server;
  private boolean holding; // guarded by held

  /** A server that takes {@code streams} calls on a connection at a time. */
  TrackedServer(int streams) {
    ServerServiceDefinition echo =
        ServerServiceDefinition.builder("test.Echo")
            .addMethod(Echo.SAY, ServerCalls.asyncUnaryCall((request, answer) -> say(answer)))
            .build();
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .maxConcurrentCallsPerConnection(streams)
              .addService(ServerInterceptors.intercept(echo, this))
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SocketAddress address() {
    return server.getListenSockets().get(0);
  }

  /** Over how many connections calls have come. */
  int connections() {
    return connections.size();
  }

  /** Answers no call from now on. */
  void hold() {
    synchronized (held) {
      holding = true;
    }
  }

  /** How many calls are at this server without an answer. */
  int running() {
    synchronized (held) {
      return held.size();
    }
  }

  /** Answers the calls that are held and those that come. */
  void release() {
    List<StreamObserver<String>> released;
    synchronized (held) {
      holding = false;
      released = List.copyOf(held);
      held.clear();
    }
    released.forEach(TrackedServer::succeed);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    connections.add(
        Objects.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    return next.startCall(call, headers);
  }

  @Override
  public void close() {
    release();
    server.shutdownNow();
    try {
      if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new AssertionError("the server does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(StreamObserver<String> answer) {
    synchronized (held) {
      if (holding) {
        held.add(answer);
        return;
      }
    }
    succeed(answer);
  }

  private static void succeed(StreamObserver<String> answer) {
    answer.onNext("served");
    answer.onCompleted();
  }
}
