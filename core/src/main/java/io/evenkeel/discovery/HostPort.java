package io.evenkeel.discovery;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads and writes {@code host:port} as operators do. */
public final class HostPort {
  private static final String EXAMPLES = "host:port, such as 10.0.0.1:8080 or [::1]:8080";
  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*)");
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

  private HostPort() {}

  /**
   * Reads {@code 10.0.0.1:8080}, {@code [::1]:8080} or {@code orders.example:8080}. Never asks DNS:
   * an address for a host name comes back unresolved.
   *
   * @throws IllegalArgumentException quoting {@code text} and saying what was expected
   */
  public static InetSocketAddress parse(String text) {
    HostAndPort parts = split(text);
    if (!parts.hasPort()) {
      throw malformed(text, "has no port");
    }
    int port = parts.getPort();
    if (port == 0) {
      throw malformed(text, "port 0 is no port to connect to");
    }
    String host = parts.getHost();
    if (InetAddresses.isInetAddress(host)) {
      return new InetSocketAddress(InetAddresses.forString(host), port);
    }
    if (!HOST_NAME.matcher(host).matches() || NUMBERS.matcher(host).matches()) {
      throw malformed(text, "\"" + host + "\" is neither a host name nor an IP address");
    }
    return InetSocketAddress.createUnresolved(host, port);
  }

  /**
   * Reads the members of a registry, {@code a:2379,b:2380}; where one has no port it is the last
   * one's, {@code a,b:2379}, and where that has none it is {@code defaultPort}. Never asks DNS.
   *
   * @throws IllegalArgumentException quoting the member that is malformed
   */
  public static List<InetSocketAddress> parseAll(String text, int defaultPort) {
    String[] members = text.split(",", -1);
    String last = members[members.length - 1];
    String port = hasPort(last) ? last.substring(last.lastIndexOf(':')) : ":" + defaultPort;
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String member : members) {
      addresses.add(parse(hasPort(member) ? member : member + port));
    }
    return addresses;
  }

  private static boolean hasPort(String member) {
    return member.lastIndexOf(':') > member.lastIndexOf(']');
  }

  /** Writes what {@link #parse} reads. Never asks DNS. */
  public static String format(InetSocketAddress address) {
    return HostAndPort.fromParts(address.getHostString(), address.getPort()).toString();
  }

  private static HostAndPort split(String text) {
    HostAndPort parts;
    try {
      parts = HostAndPort.fromString(text);
    } catch (IllegalArgumentException notHostAndPort) {
      throw malformed(text, "is malformed");
    }
    if (!parts.hasPort() && parts.getHost().indexOf(':') >= 0 && !text.startsWith("[")) {
      throw malformed(text, "an IPv6 address needs brackets");
    }
    return parts;
  }

  private static IllegalArgumentException malformed(String text, String why) {
    return new IllegalArgumentException(
        "\"" + text + "\": " + why + " (expected: " + EXAMPLES + ")");
  }
}
