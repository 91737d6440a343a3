package io.evenkeel.discovery.dns;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.evenkeel.discovery.HostPort;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * What the part of a target before its {@code ?} says.
 *
 * @param servers name servers to ask in place of the machine's, in order; empty for the machine's
 * @param host a name in ASCII form, or an IP address without brackets; a dot at its end keeps
 *     search domains away
 * @param port of the endpoints; 0 where SRV records say it
 */
record DnsTarget(List<HostAndPort> servers, String host, int port) {
  private static final int DNS_PORT = 53;
  private static final String HOST_EXAMPLE = "dns+refresh:///orders.example:8080";
  private static final String SERVICE_EXAMPLE = "dns+srv:///_grpc._tcp.orders.example";
  private static final Pattern LABELS = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern SERVICE_AND_PROTOCOL = Pattern.compile("^_[^.]+\\._[^.]+\\.(?=.)");

  /**
   * Reads {@code dns+refresh:///host:port}.
   *
   * @throws IllegalArgumentException saying what is wrong, with an example
   */
  static DnsTarget ofHost(URI target) {
    try {
      InetSocketAddress address = HostPort.parse(toAscii(path(target)));
      if (address.isUnresolved()) {
        requireName(address.getHostString());
      }
      String host =
          address.isUnresolved()
              ? address.getHostString()
              : InetAddresses.toAddrString(address.getAddress());
      return new DnsTarget(servers(target), host, address.getPort());
    } catch (IllegalArgumentException e) {
      throw malformed(target, e, HOST_EXAMPLE);
    }
  }

  /**
   * Reads {@code dns+srv:///_service._proto.name}.
   *
   * @throws IllegalArgumentException saying what is wrong, with an example
   */
  static DnsTarget ofService(URI target) {
    try {
      String name = toAscii(path(target));
      if (name.indexOf(':') >= 0) {
        throw new IllegalArgumentException("the port comes from the SRV records");
      }
      requireName(name);
      return new DnsTarget(servers(target), name, 0);
    } catch (IllegalArgumentException e) {
      throw malformed(target, e, SERVICE_EXAMPLE);
    }
  }

  /** The name that servers prove under TLS and calls carry. */
  String authority() {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return port == 0
        ? SERVICE_AND_PROTOCOL.matcher(name).replaceFirst("")
        : HostAndPort.fromParts(name, port).toString();
  }

  /** Also without the slashes, which gRPC allows. */
  private static String path(URI target) {
    if (target.getFragment() != null) {
      throw new IllegalArgumentException("'#' means nothing here");
    }
    String path = target.getPath();
    if (path == null) {
      path = target.getSchemeSpecificPart();
      if (path.indexOf('?') >= 0) {
        throw new IllegalArgumentException("parameters need three slashes after the scheme");
      }
    }
    return path.startsWith("/") ? path.substring(1) : path;
  }

  /** Names beyond ASCII, label by label; everything else stays as it is. */
  private static String toAscii(String text) {
    return text.chars().allMatch(c -> c < 128) ? text : IDN.toASCII(text);
  }

  private static void requireName(String name) {
    if (!LABELS.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + name + "\" is not a DNS name");
    }
    try {
      Name.fromString(name, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("\"" + name + "\" is not a DNS name", e);
    }
  }

  private static List<HostAndPort> servers(URI target) {
    List<HostAndPort> servers = new ArrayList<>();
    String authority = decode(target.getRawAuthority());
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("a name server takes no user");
    }
    for (String each : authority.isEmpty() ? new String[0] : authority.split(",", -1)) {
      HostAndPort server = HostAndPort.fromString(each).withDefaultPort(DNS_PORT);
      if (server.getHost().isEmpty() || server.getPort() == 0) {
        throw new IllegalArgumentException("\"" + each + "\" is not a name server");
      }
      servers.add(server);
    }
    return servers;
  }

  private static String decode(@Nullable String authority) {
    return authority == null
        ? ""
        : URLDecoder.decode(authority.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException malformed(
      URI target, IllegalArgumentException e, String example) {
    return new IllegalArgumentException(
        "\"" + target + "\": " + e.getMessage() + " (example: " + example + ")", e);
  }
}
