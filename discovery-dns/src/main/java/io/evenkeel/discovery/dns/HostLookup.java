package io.evenkeel.discovery.dns;

import com.google.common.net.InetAddresses;
import io.evenkeel.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** Makes every address of one host name an endpoint. */
final class HostLookup implements Lookup {
  /** The hosts file says no TTL; looking whether it changed is cheap. */
  static final Duration HOSTS_TTL = Duration.ofSeconds(5);

  private final String host;
  private final int port;
  private final AddressLookup lookup;
  private final Search search = new Search();
  private final StableOrder<InetAddress> order = new StableOrder<>(address -> address);

  HostLookup(String host, int port, AddressLookup lookup) {
    this.host = host;
    this.port = port;
    this.lookup = lookup;
  }

  @Override
  public CompletableFuture<Seen> look(DnsSetup setup, DnsClient client) {
    if (InetAddresses.isInetAddress(host)) {
      return seen(List.of(InetAddresses.forString(host)), Long.MAX_VALUE);
    }
    List<InetAddress> listed = lookup.wanted(setup.hosts().of(host));
    if (!listed.isEmpty()) {
      return seen(listed, HOSTS_TTL.toNanos());
    }
    return search
        .first(setup.candidates(host), name -> lookup.of(name, client))
        .thenApply(this::seen);
  }

  private CompletableFuture<Seen> seen(List<InetAddress> addresses, long ttlNanos) {
    return CompletableFuture.completedFuture(seen(null, addresses, List.of(), ttlNanos));
  }

  private Seen seen(Addresses found) {
    return found.outcome() == Outcome.RECORDS
        ? seen(found.name(), found.addresses(), found.problems(), found.ttlNanos())
        : Seen.none(found.outcome(), found.problems(), found.ttlNanos());
  }

  private Seen seen(
      @Nullable Name name, List<InetAddress> addresses, List<String> problems, long ttlNanos) {
    List<Endpoint> endpoints =
        order.of(addresses).stream()
            .map(address -> Endpoint.of(new InetSocketAddress(address, port)))
            .toList();
    return new Seen(Outcome.RECORDS, name, endpoints, problems, ttlNanos, problems.isEmpty());
  }
}
