package io.evenkeel.gateway;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Gateway}.
 *
 * <p>Not thread-safe.
 */
public final class GatewayBuilder {
  private static final int MAX_PORT = 65_535;
  private static final int MEBIBYTE = 1 << 20;

  private final List<ForwardedService> services = new ArrayList<>();
  private final Set<String> forwardedHeaders = new HashSet<>(HeaderRules.FORWARDED_BY_DEFAULT);
  private @Nullable String host;
  private int port;
  private Duration deadline = Duration.ofSeconds(5);
  private Duration maxDeadline = Duration.ofMinutes(1);
  private int maxBodyBytes = MEBIBYTE;
  private Duration requestTimeout = Duration.ofSeconds(10);
  private Duration idleTimeout = Duration.ofMinutes(1);
  private int maxConnections = 10_000;
  private Duration maxConnectionAge = Duration.ofMinutes(10);
  private Duration drainDelay = Duration.ZERO;
  private Duration drainTimeout = Duration.ofSeconds(10);
  private @Nullable Consumer<AccessLogEntry> accessLog = AccessLogEntry::logTo;

  GatewayBuilder() {}

  /** The address to listen on, such as {@code 127.0.0.1}. Default: every address of the machine. */
  public GatewayBuilder host(String host) {
    this.host = Objects.requireNonNull(host, "host");
    return this;
  }

  /** The port to listen on. Default: 0, a free one that {@link Gateway#port} tells. */
  public GatewayBuilder port(int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0.." + MAX_PORT + ")");
    }
    this.port = port;
    return this;
  }

  /**
   * Sends the calls of {@code service} to {@code channel}. The routes are those of its {@code
   * google.api.http} annotations, and for native gRPC, gRPC-Web and plain JSON {@code POST
   * /package.Service/Method}.
   *
   * @param service from generated code, as in {@code
   *     OrderProto.getDescriptor().findServiceByName("OrderService")}, or from {@link
   *     DescriptorSets}
   * @param channel stays the caller's to close, after the gateway; {@link Gateway#upstream} builds
   *     one with keepalive and retries
   * @throws IllegalArgumentException if the service is routed already
   */
  public GatewayBuilder route(ServiceDescriptor service, Channel channel) {
    Objects.requireNonNull(channel, "channel");
    for (ForwardedService known : services) {
      if (known.name().equals(service.getFullName())) {
        throw new IllegalArgumentException(
            "service: " + service.getFullName() + " has two upstreams (expected: one)");
      }
    }
    services.add(new ForwardedService(service, channel));
    return this;
  }

  /** Deadline of an upstream call whose client states none. Default: 5 s. */
  public GatewayBuilder upstreamDeadline(Duration deadline) {
    this.deadline = requirePositive("upstreamDeadline", deadline);
    return this;
  }

  /**
   * The longest deadline that a client may ask for with the header {@code grpc-timeout}, such as
   * {@code 500m} or {@code 20S}; it gets this one when it asks for more. Bounds streams too.
   * Default: 1 min.
   */
  public GatewayBuilder maxUpstreamDeadline(Duration maxDeadline) {
    this.maxDeadline = requirePositive("maxUpstreamDeadline", maxDeadline);
    return this;
  }

  /**
   * The largest request body, in bytes; a larger one is refused with 413. The messages of a gRPC
   * client's stream count together. Default: 1 MiB.
   */
  public GatewayBuilder maxBodyBytes(int maxBodyBytes) {
    this.maxBodyBytes = requirePositive("maxBodyBytes", maxBodyBytes);
    return this;
  }

  /**
   * How long a client may take to send the headers of a request before its connection is closed,
   * and then to send the body before it is refused with 408. Default: 10 s. The time upstream is
   * bounded by the deadline instead.
   */
  public GatewayBuilder requestTimeout(Duration requestTimeout) {
    this.requestTimeout = requirePositive("requestTimeout", requestTimeout);
    return this;
  }

  /** How long a connection without a request stays open. Default: 1 min. */
  public GatewayBuilder idleTimeout(Duration idleTimeout) {
    this.idleTimeout = requirePositive("idleTimeout", idleTimeout);
    return this;
  }

  /** The most connections at a time; further ones are closed at once. Default: 10,000. */
  public GatewayBuilder maxConnections(int maxConnections) {
    this.maxConnections = requirePositive("maxConnections", maxConnections);
    return this;
  }

  /**
   * How old a connection may become; an older one ends after the answers it is waiting for.
   * Default: 10 min.
   */
  public GatewayBuilder maxConnectionAge(Duration maxConnectionAge) {
    this.maxConnectionAge = requirePositive("maxConnectionAge", maxConnectionAge);
    return this;
  }

  /**
   * How long {@link Gateway#close} goes on serving while {@code /readyz} says 503, so that whoever
   * sends traffic notices first. Default: none; choose more than the interval of the readiness
   * check.
   */
  public GatewayBuilder drainDelay(Duration drainDelay) {
    if (drainDelay.isNegative()) {
      throw new IllegalArgumentException(
          "drainDelay: " + drainDelay + " (expected: zero or longer)");
    }
    this.drainDelay = drainDelay;
    return this;
  }

  /**
   * How long {@link Gateway#close} waits for requests in flight before it cuts them. Default: 10 s.
   */
  public GatewayBuilder drainTimeout(Duration drainTimeout) {
    this.drainTimeout = requirePositive("drainTimeout", drainTimeout);
    return this;
  }

  /**
   * Forwards a further request header as metadata of the same name. {@code authorization}, {@code
   * traceparent}, {@code tracestate} and {@code x-request-id} are forwarded by default, {@code
   * grpc-metadata-NAME} as {@code NAME}. A native gRPC call's metadata is forwarded whole.
   *
   * @throws IllegalArgumentException if the header belongs to the connection or to gRPC itself
   */
  public GatewayBuilder forwardHeader(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    if (!HeaderRules.isForwardable(lowerCase)) {
      throw new IllegalArgumentException(
          "forwardHeader: " + name + " (expected: a header that belongs to neither HTTP nor gRPC)");
    }
    forwardedHeaders.add(lowerCase);
    return this;
  }

  /**
   * Hands each finished request to {@code sink}, on an event loop: it must not block. Default: one
   * line each at INFO to the logger {@code io.evenkeel.gateway.access}.
   */
  public GatewayBuilder accessLog(Consumer<AccessLogEntry> sink) {
    this.accessLog = Objects.requireNonNull(sink, "sink");
    return this;
  }

  /** Keeps no access log. */
  public GatewayBuilder noAccessLog() {
    this.accessLog = null;
    return this;
  }

  /**
   * Builds the gateway; {@link Gateway#start} opens its port.
   *
   * @throws IllegalArgumentException if two routes collide or one cannot be understood
   */
  public Gateway build() {
    GatewaySettings settings =
        new GatewaySettings(
            new GatewaySettings.Address(host, port),
            new GatewaySettings.Deadlines(
                Math.min(deadline.toNanos(), maxDeadline.toNanos()), maxDeadline.toNanos()),
            new GatewaySettings.Limits(
                maxBodyBytes, requestTimeout, idleTimeout, maxConnections, maxConnectionAge),
            new GatewaySettings.Drain(drainDelay, drainTimeout),
            Set.copyOf(forwardedHeaders),
            accessLog);
    return new Gateway(settings, List.copyOf(services));
  }

  private static Duration requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: longer than zero)");
    }
    return value;
  }

  private static int requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
    return value;
  }
}
