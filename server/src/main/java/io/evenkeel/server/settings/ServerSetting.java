package io.evenkeel.server.settings;

import io.evenkeel.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The table of all settings: each has its name, type, default, range and meaning here and nowhere
 * else.
 */
public final class ServerSetting {
  private static final int MAX_PORT = 65_535;
  private static final int MEBIBYTE = 1 << 20;

  /** Port for gRPC; 0, the default, takes a free one. */
  public static final Setting<Integer> PORT =
      new Setting<>("port", ValueType.number(0, MAX_PORT), 0, "Port for gRPC; 0 takes a free one.");

  /** Port for {@code /livez} and {@code /readyz}; 0, the default, takes a free one. */
  public static final Setting<OptionalInt> PROBE_PORT =
      new Setting<>(
          "probe-port",
          ValueType.numberOrOff(0, MAX_PORT),
          OptionalInt.of(0),
          "Port for /livez and /readyz over HTTP; 0 takes a free one.");

  /**
   * Host, or host and port, under which clients reach this server. By default loopback when no
   * registry reaches beyond this machine, otherwise the first address of this machine that is not
   * loopback.
   */
  public static final Setting<String> ADVERTISE =
      new Setting<>(
          "advertise",
          ValueType.text("host or host:port"),
          "",
          "Host, or host:port, under which clients reach this server.");

  /** Registries to register in; none by default. */
  public static final Setting<List<URI>> REGISTRY =
      new Setting<>(
          "registry", ValueType.uris(), List.of(), "Registries to register in, by their URIs.");

  /** Name of this process, unique within its service; by default the advertised address. */
  public static final Setting<String> ID =
      new Setting<>(
          "id", ValueType.text("a name"), "", "Name of this process, unique within its service.");

  /** Share of the traffic relative to other processes; 0 means none. Default 1. */
  public static final Setting<Integer> WEIGHT =
      new Setting<>(
          "weight",
          ValueType.number(0, Endpoint.MAX_WEIGHT),
          Endpoint.DEFAULT_WEIGHT,
          "Share of the traffic relative to other processes; 0 means none.");

  /** Failure domain this process runs in; unknown by default. */
  public static final Setting<String> ZONE =
      new Setting<>("zone", ValueType.text("a name"), "", "Failure domain this process runs in.");

  /** 0, the default, is used first; a higher number is a fallback. */
  public static final Setting<Integer> PRIORITY =
      new Setting<>(
          "priority",
          ValueType.number(0, Integer.MAX_VALUE),
          0,
          "0 is used first; a higher number is a fallback.");

  /**
   * Version of what this process runs, registered as the metadata {@code version}; none by default.
   */
  public static final Setting<String> VERSION =
      new Setting<>(
          "version",
          ValueType.text("a version"),
          "",
          "Version of what this process runs, for its registration.");

  /** What else the registration says, such as a commit; nothing by default. */
  public static final Setting<Map<String, String>> METADATA =
      new Setting<>("metadata", ValueType.pairs(), Map.of(), "What else the registration says.");

  /** What to do when a registry does not take this server at start. Default: try again. */
  public static final Setting<RegistrationFailure> REGISTRATION_FAILURE =
      new Setting<>(
          "registration-failure",
          ValueType.oneOf(RegistrationFailure.class),
          RegistrationFailure.RETRY,
          "What to do when a registry does not take this server at start.");

  /**
   * Bound on waiting for a registry, at start to register and at stop to deregister. Default 5 s.
   */
  public static final Setting<Duration> REGISTRATION_TIMEOUT =
      new Setting<>(
          "registration-timeout",
          ValueType.duration(Duration.ofMillis(1)),
          Duration.ofSeconds(5),
          "Bound on waiting for a registry, at start and at stop.");

  /** How long clients get to notice that this server left, before it refuses calls. Default 1 s. */
  public static final Setting<Duration> DRAIN_DELAY =
      new Setting<>(
          "drain-delay",
          ValueType.duration(Duration.ZERO),
          Duration.ofSeconds(1),
          "How long clients get to notice that this server left, before it refuses calls.");

  /** How long running calls get to finish. Default 20 s, which fits Kubernetes' grace of 30 s. */
  public static final Setting<Duration> DRAIN_TIMEOUT =
      new Setting<>(
          "drain-timeout",
          ValueType.duration(Duration.ZERO),
          Duration.ofSeconds(20),
          "How long running calls get to finish.");

  /** How long calls that were cut off get to clean up. Default 2 s. */
  public static final Setting<Duration> KILL_TIMEOUT =
      new Setting<>(
          "kill-timeout",
          ValueType.duration(Duration.ZERO),
          Duration.ofSeconds(2),
          "How long calls that were cut off get to clean up.");

  /**
   * How clients are told how busy this server is, so that {@code weighted_round_robin} can give it
   * its share. Default off.
   */
  public static final Setting<LoadReports> LOAD_REPORTS =
      new Setting<>(
          "load-reports",
          ValueType.oneOf(LoadReports.class),
          LoadReports.OFF,
          "How clients are told how busy this server is, for weighted_round_robin.");

  /**
   * Age at which a connection is asked to reconnect, give or take 10 %, so that clients spread over
   * new servers also behind a proxy. Default 30 min.
   */
  public static final Setting<Duration> MAX_CONNECTION_AGE =
      new Setting<>(
          "max-connection-age",
          ValueType.duration(Duration.ofSeconds(1)),
          Duration.ofMinutes(30),
          "Age at which a connection is asked to reconnect, give or take 10 %.");

  /** How long calls on an aged connection get to finish. Default 5 min. */
  public static final Setting<Duration> MAX_CONNECTION_AGE_GRACE =
      new Setting<>(
          "max-connection-age-grace",
          ValueType.duration(Duration.ZERO),
          Duration.ofMinutes(5),
          "How long calls on an aged connection get to finish.");

  /** How often a client may ask whether the connection lives. Default 10 s, grpc-java's minimum. */
  public static final Setting<Duration> PERMIT_KEEPALIVE_TIME =
      new Setting<>(
          "permit-keepalive-time",
          ValueType.duration(Duration.ZERO),
          Duration.ofSeconds(10),
          "How often a client may ask whether the connection lives.");

  /** How long a connection may be quiet before this server asks whether it lives. Default 1 min. */
  public static final Setting<Duration> KEEPALIVE_TIME =
      new Setting<>(
          "keepalive-time",
          ValueType.duration(Duration.ofSeconds(1)),
          Duration.ofMinutes(1),
          "How long a connection may be quiet before this server asks whether it lives.");

  /** How long the answer to that may take before the connection is dropped. Default 20 s. */
  public static final Setting<Duration> KEEPALIVE_TIMEOUT =
      new Setting<>(
          "keepalive-timeout",
          ValueType.duration(Duration.ofMillis(10)),
          Duration.ofSeconds(20),
          "How long the answer to that may take before the connection is dropped.");

  /** Bound on setting up a connection, TLS included. Default 20 s. */
  public static final Setting<Duration> HANDSHAKE_TIMEOUT =
      new Setting<>(
          "handshake-timeout",
          ValueType.duration(Duration.ofMillis(1)),
          Duration.ofSeconds(20),
          "Bound on setting up a connection, TLS included.");

  /** Calls that may run at once on the whole server; more are refused. Default 10,000. */
  public static final Setting<Integer> MAX_CONCURRENT_CALLS =
      new Setting<>(
          "max-concurrent-calls",
          ValueType.number(1, Integer.MAX_VALUE),
          10_000,
          "Calls that may run at once on the whole server; more are refused.");

  /** Calls that may run at once on one connection; a client queues more. Default 1,000. */
  public static final Setting<Integer> MAX_CONCURRENT_CALLS_PER_CONNECTION =
      new Setting<>(
          "max-concurrent-calls-per-connection",
          ValueType.number(1, Integer.MAX_VALUE),
          1_000,
          "Calls that may run at once on one connection; a client queues more.");

  /**
   * Calls per second a client may cancel on one connection before the server drops it, averaged
   * over ten seconds. Default 1,000: far above deadlines that expire, far below a rapid-reset
   * attack.
   */
  public static final Setting<Integer> MAX_RESETS_PER_SECOND =
      new Setting<>(
          "max-resets-per-second",
          ValueType.number(1, 1_000_000),
          1_000,
          "Calls per second a client may cancel on one connection before the server drops it.");

  /** Largest request message in bytes. Default 4 MiB. */
  public static final Setting<Integer> MAX_MESSAGE_BYTES =
      new Setting<>(
          "max-message-bytes",
          ValueType.number(1, Integer.MAX_VALUE),
          4 * MEBIBYTE,
          "Largest request message in bytes.");

  /** Largest request metadata in bytes. Default 8 KiB. */
  public static final Setting<Integer> MAX_METADATA_BYTES =
      new Setting<>(
          "max-metadata-bytes",
          ValueType.number(1, MEBIBYTE),
          8 * 1024,
          "Largest request metadata in bytes.");

  private static final List<Setting<?>> ALL =
      List.of(
          PORT,
          PROBE_PORT,
          ADVERTISE,
          REGISTRY,
          ID,
          WEIGHT,
          ZONE,
          PRIORITY,
          VERSION,
          METADATA,
          REGISTRATION_FAILURE,
          REGISTRATION_TIMEOUT,
          DRAIN_DELAY,
          DRAIN_TIMEOUT,
          KILL_TIMEOUT,
          LOAD_REPORTS,
          MAX_CONNECTION_AGE,
          MAX_CONNECTION_AGE_GRACE,
          PERMIT_KEEPALIVE_TIME,
          KEEPALIVE_TIME,
          KEEPALIVE_TIMEOUT,
          HANDSHAKE_TIMEOUT,
          MAX_CONCURRENT_CALLS,
          MAX_CONCURRENT_CALLS_PER_CONNECTION,
          MAX_RESETS_PER_SECOND,
          MAX_MESSAGE_BYTES,
          MAX_METADATA_BYTES);

  private ServerSetting() {}

  /** All settings, in the order of a help text. */
  public static List<Setting<?>> all() {
    return ALL;
  }
}
