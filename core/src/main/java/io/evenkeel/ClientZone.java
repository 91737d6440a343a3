package io.evenkeel;

import io.grpc.NameResolver;

/**
 * In which zone the client itself runs, so that calls can stay there. Where nothing says so, zones
 * do not count.
 */
public final class ClientZone {

  /**
   * Carries the zone to the balancer of a channel: {@code
   * builder.setNameResolverArg(ClientZone.KEY, "eu-1a")}. {@code zone.local} in the service config
   * wins over it, and it wins over {@value #VARIABLE}.
   */
  public static final NameResolver.Args.Key<String> KEY =
      NameResolver.Args.Key.create("io.evenkeel.zone");

  /** The environment variable that names the zone of every client of the process. */
  public static final String VARIABLE = "EVENKEEL_ZONE";

  private ClientZone() {}

  /** The zone for a channel with {@code args}; empty when unknown. */
  public static String of(NameResolver.Args args) {
    String given = args.getArg(KEY);
    if (given != null) {
      return given;
    }
    String environment = System.getenv(VARIABLE);
    return environment == null ? "" : environment;
  }
}
