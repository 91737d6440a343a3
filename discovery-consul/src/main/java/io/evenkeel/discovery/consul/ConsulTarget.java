package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the URI of a service or a registry in Consul says before its {@code ?}.
 *
 * <pre>{@code
 * consul://10.0.0.1:8500/orders        the service orders
 * consul://10.0.0.1:8500               the registry
 * consul://a.example,b.example/orders  several agents, the first of which is asked while it answers
 * consul:///orders                     the agent on this machine, 127.0.0.1:8500
 * }</pre>
 *
 * <p>Agents with ports of their own, {@code consul://a:8500,b:8501/orders}, may be written where
 * {@link io.evenkeel.Targets#escape} is applied.
 *
 * @param agents addresses of Consul's HTTP API, at least one
 * @param service empty for a registry
 */
record ConsulTarget(List<InetSocketAddress> agents, String service) {
  private static final int DEFAULT_PORT = 8500;
  private static final String EXAMPLES =
      "consul://host:8500/service, with more agents as consul://a,b,c:8500/service; a registry has"
          + " no /service";

  ConsulTarget {
    agents = List.copyOf(agents);
  }

  /**
   * Reads the URI of a service.
   *
   * @throws IllegalArgumentException quoting what is wrong, but never credentials
   */
  static ConsulTarget service(URI uri) {
    ConsulTarget target = parse(uri);
    if (target.service.isEmpty()) {
      throw malformed(uri, "names no service");
    }
    return target;
  }

  /**
   * Reads the URI of a registry.
   *
   * @throws IllegalArgumentException quoting what is wrong, but never credentials
   */
  static ConsulTarget registry(URI uri) {
    ConsulTarget target = parse(uri);
    if (!target.service.isEmpty()) {
      throw malformed(uri, "a registry in Consul has no path");
    }
    return target;
  }

  private static ConsulTarget parse(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    if (authority.contains("@")) {
      throw new IllegalArgumentException(
          "a Consul URI holds a user or token, and would show in logs (put the token into"
              + " EVENKEEL_CONSUL_TOKEN or _TOKEN_FILE, or call RegistryCredentials.set)");
    }
    if (uri.isOpaque() || uri.getRawFragment() != null) {
      throw malformed(uri, "malformed");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    String service = path.replaceAll("^/+|/+$", "");
    if (service.contains("/")) {
      throw malformed(uri, "more than a service in the path");
    }
    return new ConsulTarget(agents(uri, authority), service);
  }

  private static List<InetSocketAddress> agents(URI uri, String authority) {
    String decoded = URLDecoder.decode(authority.replace("+", "%2B"), StandardCharsets.UTF_8);
    try {
      return HostPort.parseAll(decoded.isEmpty() ? "127.0.0.1" : decoded, DEFAULT_PORT);
    } catch (IllegalArgumentException e) {
      throw malformed(uri, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException malformed(URI uri, String why) {
    return new IllegalArgumentException(
        "\"" + uri + "\": " + why + " (expected: " + EXAMPLES + ")");
  }

  /** What messages call one of several agents, with a colon; empty where there is one only. */
  String prefix(int agent) {
    return agents.size() == 1 ? "" : HostPort.format(agents.get(agent)) + ": ";
  }

  /** What messages call Consul: {@code consul at a:8500,b:8500}. */
  String describe() {
    return agents.stream().map(HostPort::format).collect(Collectors.joining(",", "consul at ", ""));
  }
}
