package io.evenkeel.discovery.dns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Answers at once from a zone, or fails as told. Records what it was asked. Not thread-safe. */
final class ScriptedDns implements DnsAccess, DnsClient {
  private static final InetSocketAddress SERVER = Zone.socket("127.0.0.1", 53);

  final Zone zone = new Zone();
  final List<String> asked = new ArrayList<>();
  final Map<String, CompletableFuture<Reply>> held = new HashMap<>();
  private final Map<String, Outcome> failing = new HashMap<>();
  private List<Name> search = List.of();
  private int ndots = 1;
  private Hosts hosts = Hosts.NONE;
  boolean closed;

  /** What finding out how names are looked up throws; null for nothing. */
  Error broken;

  /** Fails questions such as {@code "A a.test"}; null to answer them again. */
  void fail(String question, Outcome outcome) {
    if (outcome == null) {
      failing.remove(question);
    } else {
      failing.put(question, outcome);
    }
  }

  /** Lets a question wait for what the test completes the result with. */
  CompletableFuture<Reply> hold(String question) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    held.put(question, reply);
    return reply;
  }

  void search(int ndots, String... domains) {
    this.ndots = ndots;
    this.search = List.of(domains).stream().map(Zone::name).toList();
  }

  void hosts(String... lines) {
    this.hosts = Hosts.parse(List.of(lines));
  }

  @Override
  public DnsSetup setup() {
    if (broken != null) {
      throw broken;
    }
    return new DnsSetup(List.of(SERVER), search, ndots, hosts);
  }

  @Override
  public DnsClient client(DnsSetup setup) {
    return this;
  }

  @Override
  public CompletableFuture<Reply> ask(Name name, int type) {
    String question = Type.string(type) + " " + Names.text(name);
    asked.add(question);
    if (held.containsKey(question)) {
      return held.remove(question);
    }
    Outcome outcome = failing.get(question);
    if (outcome != null) {
      return CompletableFuture.completedFuture(
          Reply.failed(outcome, name, "127.0.0.1:53: " + outcome));
    }
    return CompletableFuture.completedFuture(reply(name, type));
  }

  /** What the zone says. */
  Reply reply(Name name, int type) {
    Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    return Reply.of(zone.answer(query), name, type, SERVER);
  }

  @Override
  public void close() {
    closed = true;
  }
}
