package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * Makes every SRV record of a name an endpoint, with the addresses of its target.
 *
 * <p>One record is one endpoint however many addresses its target has, because the record's weight
 * is that of the server it names. Addresses that came in the additional section are not asked for
 * again. A target that cannot be looked up keeps the addresses it had.
 */
final class SrvLookup implements Lookup {
  /** Targets looked up at the same time. */
  private static final int LOOKUPS_AT_ONCE = 16;

  private static final int SERVICE_AND_PROTOCOL = 2;

  private final String name;
  private final AddressLookup lookup;
  private final Search search = new Search();
  private final StableOrder<Endpoint> order = new StableOrder<>(Endpoint::id);

  SrvLookup(String name, AddressLookup lookup) {
    this.name = name;
    this.lookup = lookup;
  }

  @Override
  public CompletableFuture<Seen> look(DnsSetup setup, DnsClient client) {
    return search
        .first(setup.candidates(name), each -> ask(each, client))
        .thenCompose(asked -> targets(asked, setup, client));
  }

  /** A reply and the name it is for. */
  private record Asked(Name name, Reply reply) implements Answer {
    @Override
    public Outcome outcome() {
      return reply.outcome();
    }
  }

  private static CompletableFuture<Asked> ask(Name name, DnsClient client) {
    return client.ask(name, Type.SRV).thenApply(reply -> new Asked(name, reply));
  }

  private CompletableFuture<Seen> targets(Asked asked, DnsSetup setup, DnsClient client) {
    Reply reply = asked.reply;
    if (reply.outcome() != Outcome.RECORDS) {
      String why =
          reply.outcome().isDefinite()
              ? Names.missing(asked.name, reply, "SRV")
              : "SRV of " + Names.text(asked.name) + ": " + reply.detail();
      return CompletableFuture.completedFuture(
          Seen.none(reply.outcome(), List.of(why), reply.ttlNanos()));
    }
    List<SRVRecord> records = reply.records().stream().map(SRVRecord.class::cast).toList();
    Set<Name> names = new HashSet<>();
    records.forEach(each -> names.add(each.getTarget()));
    names.remove(Name.root);
    lookup.retain(names);
    Map<Name, Addresses> found = additional(names, reply);
    names.removeAll(found.keySet());
    return addressesOf(names, setup, client)
        .thenApply(
            looked -> {
              found.putAll(looked);
              return seen(asked.name, records, found, reply.ttlNanos());
            });
  }

  /** The addresses that came with the SRV records. */
  private Map<Name, Addresses> additional(Set<Name> names, Reply reply) {
    Map<Name, Addresses> found = new LinkedHashMap<>();
    for (Record each : reply.additional()) {
      boolean isAddress = each.getType() == Type.A || each.getType() == Type.AAAA;
      if (!isAddress || !names.contains(each.getName())) {
        continue;
      }
      List<InetAddress> wanted = lookup.wanted(List.of(AddressLookup.address(each)));
      if (!wanted.isEmpty()) {
        found.merge(
            each.getName(),
            new Addresses(Outcome.RECORDS, each.getName(), wanted, Reply.ttlNanos(each), List.of()),
            SrvLookup::both);
      }
    }
    return found;
  }

  private static Addresses both(Addresses one, Addresses other) {
    List<InetAddress> all = new ArrayList<>(one.addresses());
    all.addAll(other.addresses());
    long ttlNanos = Math.min(one.ttlNanos(), other.ttlNanos());
    return new Addresses(Outcome.RECORDS, one.name(), all, ttlNanos, List.of());
  }

  /** Runs so many chains of look-ups side by side, each one at a time. */
  private CompletableFuture<Map<Name, Addresses>> addressesOf(
      Set<Name> names, DnsSetup setup, DnsClient client) {
    Queue<Name> todo = new ConcurrentLinkedQueue<>(names);
    Map<Name, Addresses> found = new LinkedHashMap<>();
    List<CompletableFuture<Void>> chains =
        IntStream.range(0, Math.min(LOOKUPS_AT_ONCE, names.size()))
            .mapToObj(i -> chain(todo, found, setup, client))
            .toList();
    return CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new))
        .thenApply(done -> found);
  }

  private CompletableFuture<Void> chain(
      Queue<Name> todo, Map<Name, Addresses> found, DnsSetup setup, DnsClient client) {
    Name next = todo.poll();
    if (next == null) {
      return CompletableFuture.completedFuture(null);
    }
    return addressesOf(next, setup, client)
        .thenCompose(
            addresses -> {
              found.put(next, addresses);
              return chain(todo, found, setup, client);
            });
  }

  private CompletableFuture<Addresses> addressesOf(Name target, DnsSetup setup, DnsClient client) {
    List<InetAddress> listed = lookup.wanted(setup.hosts().of(Names.text(target)));
    if (listed.isEmpty()) {
      return lookup.of(target, client);
    }
    long ttlNanos = HostLookup.HOSTS_TTL.toNanos();
    return CompletableFuture.completedFuture(
        new Addresses(Outcome.RECORDS, target, listed, ttlNanos, List.of()));
  }

  private Seen seen(
      Name asked, List<SRVRecord> records, Map<Name, Addresses> found, long srvTtlNanos) {
    List<Endpoint> endpoints = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    boolean complete = true;
    long ttlNanos = srvTtlNanos;
    for (SRVRecord each : records) {
      Addresses addresses = found.get(each.getTarget());
      if (addresses == null) {
        problems.add(Names.text(asked) + " says that the service is not offered (target \".\")");
        continue;
      }
      problems.addAll(addresses.problems());
      complete &= addresses.complete();
      if (addresses.ttlNanos() != Reply.NO_TTL) {
        ttlNanos = Math.min(ttlNanos, addresses.ttlNanos());
      }
      if (!addresses.addresses().isEmpty()) {
        endpoints.add(endpoint(each, addresses.addresses(), records));
      }
    }
    if (endpoints.isEmpty()) {
      Outcome outcome = complete ? Outcome.NO_RECORDS : Outcome.FAILURE;
      return Seen.none(outcome, problems, ttlNanos);
    }
    return new Seen(
        Outcome.RECORDS, domain(asked), order.of(endpoints), problems, ttlNanos, complete);
  }

  /** Not every name of SRV records has the form of RFC 2782; Consul's may not. */
  private static Name domain(Name asked) {
    boolean named =
        asked.labels() > SERVICE_AND_PROTOCOL && asked.getLabelString(0).startsWith("_");
    return named ? new Name(asked, SERVICE_AND_PROTOCOL) : asked;
  }

  private static Endpoint endpoint(
      SRVRecord srv, List<InetAddress> addresses, List<SRVRecord> records) {
    List<SocketAddress> sockets =
        addresses.stream()
            .<SocketAddress>map(address -> new InetSocketAddress(address, srv.getPort()))
            .toList();
    return Endpoint.of(sockets)
        .withId(Names.text(srv.getTarget()) + ":" + srv.getPort())
        .withWeight(weight(srv, records))
        .withPriority(srv.getPriority());
  }

  /**
   * RFC 2782: where all of a priority have weight 0 there is no choice to make, so all are equal.
   */
  private static int weight(SRVRecord srv, List<SRVRecord> records) {
    boolean noneHasWeight =
        records.stream()
            .filter(each -> each.getPriority() == srv.getPriority())
            .allMatch(each -> each.getWeight() == 0);
    return noneHasWeight ? Endpoint.DEFAULT_WEIGHT : srv.getWeight();
  }
}
