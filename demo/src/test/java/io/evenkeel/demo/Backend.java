package io.evenkeel.demo;

import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A demo service on loopback, and a channel to it. */
final class Backend implements AutoCloseable {
  private static final long BOUND_SECONDS = 30;

  final List<String> reports = new CopyOnWriteArrayList<>();
  private final EvenkeelServer server;
  private final ManagedChannel channel;

  Backend(String service) throws IOException {
    this(service, Map.of());
  }

  Backend(String service, Map<String, String> environment) throws IOException {
    this.server = DemoServices.start(service, settings(), environment, reports::add);
    this.channel = connect(Map.of());
  }

  static ServerSettings settings() {
    return ServerSettings.defaults()
        .with(ServerSetting.ID, "the-id")
        .with(ServerSetting.DRAIN_DELAY, Duration.ZERO)
        .with(ServerSetting.DRAIN_TIMEOUT, Duration.ZERO);
  }

  /** Another channel to the same server, closed by the caller. */
  ManagedChannel connect(Map<String, ?> serviceConfig) {
    return Grpc.newChannelBuilder(address(), InsecureChannelCredentials.create())
        .defaultServiceConfig(serviceConfig)
        .build();
  }

  String address() {
    return "127.0.0.1:" + server.port();
  }

  Channel channel() {
    return channel;
  }

  int callsInFlight() {
    return server.callsInFlight();
  }

  /** {@code stub} with the header {@code behavior}, and a deadline so that no test hangs. */
  static <S extends AbstractStub<S>> S behaving(String behavior, S stub) {
    Metadata headers = new Metadata();
    headers.put(BehaviorInterceptor.BEHAVIOR, behavior);
    return bounded(stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  static <S extends AbstractStub<S>> S bounded(S stub) {
    return stub.withDeadlineAfter(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /** Whether {@code condition} comes true within thirty seconds. */
  static boolean eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    return true;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
