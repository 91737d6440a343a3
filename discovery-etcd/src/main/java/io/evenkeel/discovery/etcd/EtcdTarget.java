package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the URI of a service or a registry in etcd says before its {@code ?}.
 *
 * <pre>{@code
 * etcd://10.0.0.1:2379/orders              the service orders
 * etcd://10.0.0.1:2379/prod/orders         the service orders among those of the registry below
 * etcd://10.0.0.1:2379/prod                a registry; etcd://10.0.0.1:2379 is one too
 * etcd://a.example,b.example:2379/orders   several members; the last port is also the others'
 * etcd:///orders                           127.0.0.1:2379
 * }</pre>
 *
 * <p>Members with ports of their own, {@code etcd://a:2379,b:2380/orders}, are no valid URI by RFC
 * 3986, and gRPC refuses them; {@link io.evenkeel.Targets#escape}, which the facade and the command
 * apply, makes them one by spelling the colons {@code %3A}. So they may be written here too.
 *
 * @param members addresses of etcd's members, at least one
 * @param path the keys' beginning: the service with the registry's path before it, or only that;
 *     without a slash at either end
 */
record EtcdTarget(List<InetSocketAddress> members, String path) {
  static final int DEFAULT_PORT = 2379;

  private static final String EXAMPLES =
      "etcd://host:2379/service, with more members as etcd://a,b,c:2379/service";

  EtcdTarget {
    members = List.copyOf(members);
  }

  /**
   * Reads the URI of a registry.
   *
   * @throws IllegalArgumentException quoting what is wrong, but never credentials
   */
  static EtcdTarget registry(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    if (authority.contains("@") || (uri.isOpaque() && uri.toString().contains("@"))) {
      throw new IllegalArgumentException(
          "an etcd URI holds a user or password, and would show in logs (put them into"
              + " EVENKEEL_ETCD_USERNAME and EVENKEEL_ETCD_PASSWORD or _PASSWORD_FILE, or call"
              + " RegistryCredentials.set)");
    }
    if (uri.isOpaque() || uri.getRawFragment() != null) {
      throw malformed(uri, "malformed");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    String trimmed = path.replaceAll("^/+|/+$", "");
    if (trimmed.contains("//")) {
      throw malformed(uri, "\"//\" within the path");
    }
    return new EtcdTarget(members(uri, decode(authority)), trimmed);
  }

  /**
   * Reads the URI of a service.
   *
   * @throws IllegalArgumentException quoting what is wrong, but never credentials
   */
  static EtcdTarget service(URI uri) {
    EtcdTarget target = registry(uri);
    if (target.path.isEmpty()) {
      throw malformed(uri, "names no service");
    }
    return target;
  }

  private static List<InetSocketAddress> members(URI uri, String authority) {
    try {
      return HostPort.parseAll(authority.isEmpty() ? "127.0.0.1" : authority, DEFAULT_PORT);
    } catch (IllegalArgumentException e) {
      throw malformed(uri, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException malformed(URI uri, String why) {
    return new IllegalArgumentException(
        "\"" + uri + "\": " + why + " (expected: " + EXAMPLES + ")");
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** What the keys begin with. */
  String prefix() {
    return path.isEmpty() ? "" : path + "/";
  }

  /** The service {@code name} of this registry. */
  EtcdTarget service(String name) {
    return new EtcdTarget(members, prefix() + name);
  }

  /** What messages call etcd: {@code etcd at a:2379,b:2379}. */
  String describe() {
    return "etcd at " + memberList();
  }

  /** The members as {@code host:port,host:port}. */
  String memberList() {
    return members.stream().map(HostPort::format).collect(Collectors.joining(","));
  }
}
