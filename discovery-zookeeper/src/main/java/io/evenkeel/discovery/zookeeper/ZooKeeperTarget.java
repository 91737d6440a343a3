package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.common.PathUtils;

/**
 * What the URI of a service or a registry in ZooKeeper says before its {@code ?}.
 *
 * <pre>{@code
 * zookeeper://10.0.0.1:2181/orders               the service orders
 * zookeeper://10.0.0.1:2181/prod/services/orders the service orders of the registry below
 * zookeeper://10.0.0.1:2181/prod/services        a registry; zookeeper://10.0.0.1:2181 is one too
 * zookeeper://a.example,b.example:2181/orders    an ensemble; the last port is also the others'
 * zookeeper:///orders                            127.0.0.1:2181
 * }</pre>
 *
 * <p>Members with ports of their own, {@code zookeeper://a:2181,b:2182/orders}, are no valid URI by
 * RFC 3986, and gRPC refuses them; {@link io.evenkeel.Targets#escape}, which the facade and the
 * command apply, makes them one by spelling the colons {@code %3A}. So they may be written here
 * too.
 *
 * @param members addresses of the ensemble's members, at least one
 * @param path the node of the service or registry, such as {@code /prod/services/orders}; {@code /}
 *     for a registry at the root
 */
record ZooKeeperTarget(List<InetSocketAddress> members, String path) {
  static final int DEFAULT_PORT = 2181;

  private static final String ROOT = "/";

  private static final String EXAMPLES =
      "zookeeper://host:2181/service, with more members as zookeeper://a,b,c:2181/service";

  ZooKeeperTarget {
    members = List.copyOf(members);
  }

  /**
   * Reads the URI of a registry.
   *
   * @throws IllegalArgumentException quoting what is wrong, but never credentials
   */
  static ZooKeeperTarget registry(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    if (authority.contains("@")) {
      throw new IllegalArgumentException(
          "a ZooKeeper URI holds a user or password, and would show in logs (put them into"
              + " EVENKEEL_ZOOKEEPER_USERNAME and EVENKEEL_ZOOKEEPER_PASSWORD or _PASSWORD_FILE,"
              + " or call RegistryCredentials.set)");
    }
    if (uri.isOpaque() || uri.getRawFragment() != null) {
      throw malformed(uri, "malformed");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    String trimmed = ROOT + path.replaceAll("^/+|/+$", "");
    try {
      PathUtils.validatePath(trimmed);
    } catch (IllegalArgumentException e) {
      throw malformed(uri, String.valueOf(e.getMessage()));
    }
    return new ZooKeeperTarget(members(uri, decode(authority)), trimmed);
  }

  /**
   * Reads the URI of a service.
   *
   * @throws IllegalArgumentException quoting what is wrong, but never credentials
   */
  static ZooKeeperTarget service(URI uri) {
    ZooKeeperTarget target = registry(uri);
    if (target.path.equals(ROOT)) {
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

  /** The node {@code name} below this one. */
  String child(String name) {
    return path.equals(ROOT) ? ROOT + name : path + ROOT + name;
  }

  /** What messages call it: {@code ZooKeeper at a:2181,b:2181}. */
  String describe() {
    return "ZooKeeper at " + memberList();
  }

  /** The members as {@code host:port,host:port}, which is also what ZooKeeper's client takes. */
  String memberList() {
    return members.stream().map(HostPort::format).collect(Collectors.joining(","));
  }
}
