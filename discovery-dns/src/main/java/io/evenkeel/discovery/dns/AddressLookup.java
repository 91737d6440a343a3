package io.evenkeel.discovery.dns;

import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Asks for the A and AAAA records of a name at the same time.
 *
 * <p>Where one kind has records and the other cannot be looked up, the records serve, together with
 * the addresses of the other kind that are known from before: name servers and middleboxes that
 * mishandle AAAA are common, and must cost neither a start nor an endpoint.
 *
 * <p>Used in {@code serial} only.
 */
final class AddressLookup {
  /** How much longer than the first kind, where that has records, the other may take. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final List<Integer> types;
  private final SynchronizationContext serial;
  private final ScheduledExecutorService timers;
  private final Map<Name, Map<Integer, List<InetAddress>>> known = new HashMap<>();

  /**
   * @param types A, AAAA or both
   */
  AddressLookup(
      List<Integer> types, SynchronizationContext serial, ScheduledExecutorService timers) {
    this.types = types;
    this.serial = serial;
    this.timers = timers;
  }

  /** The addresses of {@code name}, which is absolute. */
  CompletableFuture<Addresses> of(Name name, DnsClient client) {
    List<CompletableFuture<Reply>> asked =
        types.stream().map(type -> client.ask(name, type)).toList();
    if (asked.size() == 2) {
      hurry(name, asked.get(0), asked.get(1));
      hurry(name, asked.get(1), asked.get(0));
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> together(name, asked.stream().map(CompletableFuture::join).toList()));
  }

  /** Those of {@code addresses} that are of a kind which is wanted. */
  List<InetAddress> wanted(List<InetAddress> addresses) {
    return addresses.stream().filter(this::isWanted).toList();
  }

  private boolean isWanted(InetAddress address) {
    return types.contains(address instanceof Inet4Address ? Type.A : Type.AAAA);
  }

  /** Forgets the addresses of all other names. */
  void retain(Collection<Name> names) {
    known.keySet().retainAll(names);
  }

  private void hurry(Name name, CompletableFuture<Reply> first, CompletableFuture<Reply> other) {
    var unused =
        first.thenCompose(
            reply ->
                reply.outcome() == Outcome.RECORDS && !other.isDone()
                    ? awaitBriefly(name, other)
                    : other);
  }

  private CompletableFuture<Reply> awaitBriefly(Name name, CompletableFuture<Reply> other) {
    Reply late =
        Reply.failed(
            Outcome.SILENCE,
            name,
            "no answer within " + PATIENCE.toSeconds() + " s of the other kind's");
    ScheduledHandle timer =
        serial.schedule(
            () -> other.complete(late), PATIENCE.toNanos(), TimeUnit.NANOSECONDS, timers);
    return other.whenComplete((reply, e) -> timer.cancel());
  }

  private Addresses together(Name name, List<Reply> replies) {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    List<String> problems = new ArrayList<>();
    long ttlNanos = Long.MAX_VALUE;
    for (int i = 0; i < replies.size(); i++) {
      Reply reply = replies.get(i);
      addresses.addAll(taken(name, types.get(i), reply));
      if (!reply.outcome().isDefinite()) {
        problems.add(Type.string(types.get(i)) + " of " + Names.text(name) + ": " + reply.detail());
      }
      if (reply.outcome() == Outcome.RECORDS) {
        ttlNanos = Math.min(ttlNanos, reply.ttlNanos());
      }
    }
    return ttlNanos == Long.MAX_VALUE
        ? none(name, replies, addresses, problems)
        : new Addresses(Outcome.RECORDS, name, List.copyOf(addresses), ttlNanos, problems);
  }

  /** The addresses that {@code reply} leaves {@code name} with. */
  private List<InetAddress> taken(Name name, int type, Reply reply) {
    Map<Integer, List<InetAddress>> before = known.computeIfAbsent(name, n -> new HashMap<>());
    if (reply.outcome().isDefinite()) {
      before.put(type, reply.records().stream().map(AddressLookup::address).toList());
    }
    return before.getOrDefault(type, List.of());
  }

  /**
   * No record is there, or none can be had: then that outweighs that the other kind is not there.
   */
  private static Addresses none(
      Name name, List<Reply> replies, Set<InetAddress> addresses, List<String> problems) {
    Reply telling = replies.get(0);
    long ttlNanos = Long.MAX_VALUE;
    for (Reply reply : replies) {
      if (telling.outcome().isDefinite() && !reply.outcome().isDefinite()) {
        telling = reply;
      }
      ttlNanos = Math.min(ttlNanos, reply.ttlNanos());
    }
    if (problems.isEmpty()) {
      problems.add(Names.missing(name, telling, "address"));
    }
    return new Addresses(telling.outcome(), name, List.copyOf(addresses), ttlNanos, problems);
  }

  static InetAddress address(Record each) {
    return each instanceof ARecord a ? a.getAddress() : ((AAAARecord) each).getAddress();
  }
}
