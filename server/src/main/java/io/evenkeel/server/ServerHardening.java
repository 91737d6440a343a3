package io.evenkeel.server;

import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.server.settings.Setting;
import io.grpc.ServerBuilder;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Gives a server the limits that gRPC leaves open by default, as far as its transport has them.
 *
 * <p>Two of them are methods of the transports' own builders, which exist once in {@code
 * grpc-netty}, once in {@code grpc-netty-shaded} and partly in {@code grpc-okhttp}. They are called
 * by name, so that this module depends on no transport and works with any.
 */
final class ServerHardening {
  private static final System.Logger log = System.getLogger(ServerHardening.class.getName());

  /** A window long enough that deadlines of one burst, expiring together, pass. */
  private static final int RESET_WINDOW_SECONDS = 10;

  private final ServerBuilder<?> builder;
  private final ServerSettings settings;

  private ServerHardening(ServerBuilder<?> builder, ServerSettings settings) {
    this.builder = builder;
    this.settings = settings;
  }

  static void apply(ServerBuilder<?> builder, ServerSettings settings) {
    ServerHardening hardening = new ServerHardening(builder, settings);
    hardening.limitConnections();
    hardening.limitKeepAlives();
    hardening.limitSizes();
    hardening.limitStreams();
  }

  private void limitConnections() {
    duration(ServerSetting.MAX_CONNECTION_AGE, builder::maxConnectionAge);
    duration(ServerSetting.MAX_CONNECTION_AGE_GRACE, builder::maxConnectionAgeGrace);
    duration(ServerSetting.HANDSHAKE_TIMEOUT, builder::handshakeTimeout);
  }

  private void limitKeepAlives() {
    duration(ServerSetting.KEEPALIVE_TIME, builder::keepAliveTime);
    duration(ServerSetting.KEEPALIVE_TIMEOUT, builder::keepAliveTimeout);
    duration(ServerSetting.PERMIT_KEEPALIVE_TIME, builder::permitKeepAliveTime);
    // A balanced client keeps a connection to every endpoint, most of them without a call.
    supported("permitKeepAliveWithoutCalls", () -> builder.permitKeepAliveWithoutCalls(true));
  }

  private void limitSizes() {
    supported(
        ServerSetting.MAX_MESSAGE_BYTES.key(),
        () -> builder.maxInboundMessageSize(settings.get(ServerSetting.MAX_MESSAGE_BYTES)));
    supported(
        ServerSetting.MAX_METADATA_BYTES.key(),
        () -> builder.maxInboundMetadataSize(settings.get(ServerSetting.MAX_METADATA_BYTES)));
  }

  private void limitStreams() {
    callByName(
        "maxConcurrentCallsPerConnection",
        settings.get(ServerSetting.MAX_CONCURRENT_CALLS_PER_CONNECTION));
    callByName(
        "maxRstFramesPerWindow",
        settings.get(ServerSetting.MAX_RESETS_PER_SECOND) * RESET_WINDOW_SECONDS,
        RESET_WINDOW_SECONDS);
  }

  private void duration(Setting<Duration> setting, BiConsumer<Long, TimeUnit> setter) {
    long nanos = settings.get(setting).toNanos();
    supported(setting.key(), () -> setter.accept(nanos, TimeUnit.NANOSECONDS));
  }

  private void supported(String limit, Runnable setter) {
    try {
      setter.run();
    } catch (UnsupportedOperationException notOfThisTransport) {
      skipped(limit);
    }
  }

  private void callByName(String method, int... arguments) {
    Class<?>[] types = new Class<?>[arguments.length];
    Arrays.fill(types, int.class);
    try {
      builder
          .getClass()
          .getMethod(method, types)
          .invoke(builder, Arrays.stream(arguments).boxed().toArray());
    } catch (NoSuchMethodException | IllegalAccessException notOfThisTransport) {
      skipped(method);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(method + ": refused by " + builder, e.getCause());
    }
  }

  private void skipped(String limit) {
    log.log(
        System.Logger.Level.DEBUG,
        "{0}: {1} has no such limit",
        limit,
        builder.getClass().getSimpleName());
  }
}
