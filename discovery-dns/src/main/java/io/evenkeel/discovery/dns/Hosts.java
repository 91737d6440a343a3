package io.evenkeel.discovery.dns;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names of a hosts file, each with all its addresses. Lines that are malformed are skipped, as
 * the system does. Immutable.
 */
final class Hosts {
  static final Hosts NONE = new Hosts(Map.of());

  private final Map<String, List<InetAddress>> addresses;

  private Hosts(Map<String, List<InetAddress>> addresses) {
    this.addresses = addresses;
  }

  /** Reads the lines of a hosts file. */
  static Hosts parse(List<String> lines) {
    Map<String, LinkedHashSet<InetAddress>> found = new HashMap<>();
    for (String line : lines) {
      int comment = line.indexOf('#');
      String[] words = (comment < 0 ? line : line.substring(0, comment)).trim().split("\\s+", -1);
      if (words.length > 1 && InetAddresses.isInetAddress(words[0])) {
        InetAddress address = InetAddresses.forString(words[0]);
        for (int i = 1; i < words.length; i++) {
          found.computeIfAbsent(key(words[i]), k -> new LinkedHashSet<>()).add(address);
        }
      }
    }
    Map<String, List<InetAddress>> lists = new HashMap<>();
    found.forEach((name, each) -> lists.put(name, new ArrayList<>(each)));
    return new Hosts(lists);
  }

  /** The addresses of {@code host}; empty if the file does not have it. */
  List<InetAddress> of(String host) {
    return addresses.getOrDefault(key(host), List.of());
  }

  /** Writes an address as {@code host:port}. */
  static String text(InetSocketAddress address) {
    return HostAndPort.fromParts(
            InetAddresses.toAddrString(address.getAddress()), address.getPort())
        .toString();
  }

  private static String key(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
