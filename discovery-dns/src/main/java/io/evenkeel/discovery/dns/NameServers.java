package io.evenkeel.discovery.dns;

import io.evenkeel.backoff.Backoff;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Asks name servers in their order until one says what DNS holds.
 *
 * <ul>
 *   <li>A try takes {@link #TRY_TIMEOUT} at most, all questions of a look {@link #LOOK_TIMEOUT}.
 *   <li>Each server gets {@value #ROUNDS} tries. One that was silent is asked after the others for
 *       a while, which grows with each silence; where all are silent that changes nothing.
 *   <li>An answer that is cut short is asked for again over TCP, and never used by itself: what it
 *       leaves out would look like removed.
 *   <li>A server that does not know extended queries (EDNS) is asked without.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class NameServers {
  static final Duration TRY_TIMEOUT = Duration.ofSeconds(2);
  static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);
  static final int ROUNDS = 2;

  /** Bound on the mean time for which a silent server comes last. */
  private static final Duration MAX_AVOIDED = Duration.ofSeconds(30);

  /** Fits the packets of all usual networks, so that no answer comes in fragments. */
  private static final int UDP_PAYLOAD = 1232;

  private static final int MAX_ALIASES = 8;

  private final Exchanger exchanger;
  private final LongSupplier ticker;
  private final DoubleSupplier random;
  private final Map<InetSocketAddress, Silence> silences = new ConcurrentHashMap<>();

  /** How often a server was silent in a row, and how long it comes last for that. */
  private record Silence(int times, long untilNanos) {}

  NameServers(Exchanger exchanger, LongSupplier ticker, DoubleSupplier random) {
    this.exchanger = exchanger;
    this.ticker = ticker;
    this.random = random;
  }

  /** For the questions of one look, whose time begins now. */
  DnsClient client(List<InetSocketAddress> servers) {
    silences.keySet().retainAll(servers);
    long endNanos = ticker.getAsLong() + LOOK_TIMEOUT.toNanos();
    return (name, type) -> ask(name, type, servers, endNanos, MAX_ALIASES);
  }

  private CompletableFuture<Reply> ask(
      Name name, int type, List<InetSocketAddress> servers, long endNanos, int aliases) {
    return new Question(name, type, ordered(servers), endNanos)
        .next(0)
        .thenCompose(
            reply ->
                aliases > 0 && reply.leavesAliasTo(name)
                    ? ask(reply.alias(), type, servers, endNanos, aliases - 1)
                    : CompletableFuture.completedFuture(reply));
  }

  private List<InetSocketAddress> ordered(List<InetSocketAddress> servers) {
    List<InetSocketAddress> ordered = new ArrayList<>();
    List<InetSocketAddress> silent = new ArrayList<>();
    for (InetSocketAddress each : servers) {
      Silence silence = silences.get(each);
      boolean avoided = silence != null && silence.untilNanos - ticker.getAsLong() > 0;
      (avoided ? silent : ordered).add(each);
    }
    ordered.addAll(silent);
    return ordered;
  }

  private void silent(InetSocketAddress server) {
    silences.compute(
        server,
        (key, before) -> {
          int times = before == null ? 1 : before.times + 1;
          long avoided = Backoff.waitNanos(times, MAX_AVOIDED, random);
          return new Silence(times, ticker.getAsLong() + avoided);
        });
  }

  /** One name and type, on its way through the servers. One thread at a time. */
  private final class Question {
    private final Name name;
    private final int type;
    private final List<InetSocketAddress> servers;
    private final long endNanos;
    private final Set<String> failures = new LinkedHashSet<>();
    private Outcome worst = Outcome.SILENCE;

    Question(Name name, int type, List<InetSocketAddress> servers, long endNanos) {
      this.name = name;
      this.type = type;
      this.servers = servers;
      this.endNanos = endNanos;
    }

    CompletableFuture<Reply> next(int tries) {
      if (tries == ROUNDS * servers.size() || leftNanos() <= 0) {
        return CompletableFuture.completedFuture(gaveUp());
      }
      InetSocketAddress server = servers.get(tries % servers.size());
      return exchange(server, query(true))
          .thenCompose(
              answer -> refusesEdns(answer) ? exchange(server, query(false)) : done(answer))
          .handle((answer, e) -> reply(server, answer, e))
          .thenCompose(
              reply -> {
                if (reply.outcome().isDefinite()) {
                  return CompletableFuture.completedFuture(reply);
                }
                failures.add(reply.detail());
                return next(tries + 1);
              });
    }

    private Reply reply(InetSocketAddress server, @Nullable Message answer, @Nullable Throwable e) {
      if (answer == null) {
        silent(server);
        return Reply.failed(Outcome.SILENCE, name, Hosts.text(server) + ": " + reason(e));
      }
      silences.remove(server);
      Reply reply = Reply.of(answer, name, type, server);
      if (reply.outcome() == Outcome.FAILURE) {
        worst = Outcome.FAILURE;
      }
      return reply;
    }

    private Reply gaveUp() {
      String detail = failures.isEmpty() ? "no time was left to ask" : String.join(", ", failures);
      return Reply.failed(worst, name, detail);
    }

    private CompletableFuture<Message> exchange(InetSocketAddress server, Message query) {
      return exchanger
          .send(Exchanger.Transport.UDP, server, query, timeoutNanos())
          .thenCompose(
              answer ->
                  answer.getHeader().getFlag(Flags.TC)
                      ? exchanger.send(Exchanger.Transport.TCP, server, query, timeoutNanos())
                      : done(answer));
    }

    private Message query(boolean edns) {
      Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
      if (edns) {
        query.addRecord(new OPTRecord(UDP_PAYLOAD, Rcode.NOERROR, 0), Section.ADDITIONAL);
      }
      return query;
    }

    private long timeoutNanos() {
      return Math.max(1, Math.min(TRY_TIMEOUT.toNanos(), leftNanos()));
    }

    private long leftNanos() {
      return endNanos - ticker.getAsLong();
    }
  }

  private static boolean refusesEdns(Message answer) {
    int rcode = answer.getRcode();
    return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
  }

  private static CompletableFuture<Message> done(Message answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private static String reason(@Nullable Throwable e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return cause == null ? "no answer" : String.valueOf(cause.getMessage());
  }
}
