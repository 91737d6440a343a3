package io.evenkeel.discovery.dns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;

/**
 * Whom to ask, and which names to try.
 *
 * @param servers name servers, in order; at least one
 * @param search domains that are appended to names
 * @param ndots names with fewer dots are tried with the search domains first
 * @param hosts what is known without asking
 */
record DnsSetup(List<InetSocketAddress> servers, List<Name> search, int ndots, Hosts hosts) {

  /** The machine's resolver tries no more either. */
  private static final int MAX_SEARCH = 6;

  /** The absolute names that {@code host} may mean, in the order the machine's resolver has. */
  List<Name> candidates(String host) {
    Name asIs = absolute(host);
    if (host.endsWith(".")) {
      return List.of(asIs);
    }
    List<Name> candidates = new ArrayList<>();
    for (Name domain : search.subList(0, Math.min(MAX_SEARCH, search.size()))) {
      Name candidate = within(domain, asIs);
      if (candidate != null) {
        candidates.add(candidate);
      }
    }
    boolean first = host.chars().filter(c -> c == '.').count() >= ndots;
    candidates.add(first ? 0 : candidates.size(), asIs);
    return candidates.stream().distinct().toList();
  }

  /** Null where that is longer than names can be: no server could have it. */
  private static @Nullable Name within(Name domain, Name name) {
    try {
      return Name.concatenate(name.relativize(Name.root), domain);
    } catch (NameTooLongException e) {
      return null;
    }
  }

  private static Name absolute(String host) {
    try {
      return Name.fromString(host, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("\"" + host + "\" is not a DNS name", e);
    }
  }
}
