package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

class NameServersTest {
  private static final InetSocketAddress ONE = Zone.socket("10.0.0.1", 53);
  private static final InetSocketAddress TWO = Zone.socket("10.0.0.2", 53);

  private final FakeClock clock = new FakeClock();
  private final Zone zone = new Zone().address("a.test", 60, "10.1.1.1");
  private final Map<InetSocketAddress, Function<Message, Message>> servers = new HashMap<>();
  private final List<String> sent = new ArrayList<>();
  private final NameServers nameServers = new NameServers(this::send, clock, () -> 0.5);

  @Test
  void ask_firstServerAnswers_isEnough() {
    servers.put(ONE, zone::answer);

    assertThat(ask("a.test").outcome()).isEqualTo(Outcome.RECORDS);
    assertThat(sent).containsExactly("UDP 10.0.0.1:53");
  }

  @Test
  void ask_firstServerCannotSay_asksTheNext() {
    servers.put(ONE, query -> rcode(query, Rcode.SERVFAIL));
    servers.put(TWO, zone::answer);

    assertThat(ask("a.test").outcome()).isEqualTo(Outcome.RECORDS);
  }

  @Test
  void ask_firstServerSilent_asksTheNextAndAsksItFirstFromThenOn() {
    servers.put(TWO, zone::answer);
    ask("a.test");
    sent.clear();

    ask("a.test");

    assertThat(sent).containsExactly("UDP 10.0.0.2:53");
  }

  @Test
  void ask_silentServerAfterAWhile_getsAnotherChance() {
    servers.put(TWO, zone::answer);
    ask("a.test");
    servers.put(ONE, zone::answer);
    sent.clear();

    clock.advance(Duration.ofSeconds(1));
    ask("a.test");

    assertThat(sent).containsExactly("UDP 10.0.0.1:53");
  }

  @Test
  void ask_allServersSilent_endsInTime() {
    long start = clock.getAsLong();

    Reply reply = ask("a.test");

    assertThat(reply.outcome()).isEqualTo(Outcome.SILENCE);
    assertThat(reply.detail()).isEqualTo("10.0.0.1:53: no answer, 10.0.0.2:53: no answer");
    assertThat(clock.getAsLong() - start).isEqualTo(Duration.ofSeconds(8).toNanos());
  }

  @Test
  void ask_manyQuestionsInOneLook_shareItsTime() {
    DnsClient client = nameServers.client(List.of(ONE, TWO));
    long start = clock.getAsLong();

    for (int i = 0; i < 10; i++) {
      client.ask(Zone.name("a.test"), Type.A).join();
    }

    assertThat(clock.getAsLong() - start).isEqualTo(NameServers.LOOK_TIMEOUT.toNanos());
  }

  @Test
  void ask_missingName_isNotAskedOfOtherServers() {
    servers.put(ONE, zone::answer);
    servers.put(TWO, zone::answer);

    assertThat(ask("b.test").outcome()).isEqualTo(Outcome.NO_SUCH_NAME);
    assertThat(sent).hasSize(1);
  }

  @Test
  void ask_truncated_isAskedAgainOverTcp() {
    servers.put(ONE, query -> truncated(zone.answer(query)));

    ask("a.test");

    assertThat(sent).startsWith("UDP 10.0.0.1:53", "TCP 10.0.0.1:53");
  }

  @Test
  void ask_serverWithoutExtensions_isAskedWithoutThem() {
    servers.put(
        ONE, query -> query.getOPT() == null ? zone.answer(query) : rcode(query, Rcode.FORMERR));

    assertThat(ask("a.test").outcome()).isEqualTo(Outcome.RECORDS);
    assertThat(sent).hasSize(2);
  }

  @Test
  void ask_aliasThatTheServerLeaves_isFollowed() {
    zone.alias("b.test", 5, "a.test");
    servers.put(ONE, zone::answer);

    Reply reply = ask("b.test");

    assertThat(reply.outcome()).isEqualTo(Outcome.RECORDS);
    assertThat(sent).hasSize(2);
  }

  @Test
  void ask_aliasesWithoutEnd_endsInTime() {
    zone.alias("b.test", 5, "c.test").alias("c.test", 5, "b.test");
    servers.put(ONE, zone::answer);

    assertThat(ask("b.test").outcome()).isEqualTo(Outcome.NO_RECORDS);
    assertThat(sent).hasSizeLessThan(12);
  }

  private Reply ask(String name) {
    return nameServers.client(List.of(ONE, TWO)).ask(Zone.name(name), Type.A).join();
  }

  /** A server that is not there lets the whole time pass. */
  private CompletableFuture<Message> send(
      Exchanger.Transport transport, InetSocketAddress server, Message query, long timeoutNanos) {
    sent.add(transport + " " + Hosts.text(server));
    Function<Message, Message> behaviour = servers.get(server);
    if (behaviour == null) {
      clock.advance(Duration.ofNanos(timeoutNanos));
      return CompletableFuture.failedFuture(new IOException("no answer"));
    }
    return CompletableFuture.completedFuture(behaviour.apply(query));
  }

  private static Message rcode(Message query, int rcode) {
    Message answer = new Zone().answer(query);
    answer.getHeader().setRcode(rcode);
    return answer;
  }

  private static Message truncated(Message answer) {
    answer.getHeader().setFlag(Flags.TC);
    return answer;
  }
}
