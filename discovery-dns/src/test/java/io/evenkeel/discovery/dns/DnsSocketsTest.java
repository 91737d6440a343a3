package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.testkit.Leftovers;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The wire, against a server on loopback that misbehaves. */
class DnsSocketsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final long SHORT_NANOS = Duration.ofMillis(200).toNanos();

  private final Zone zone = new Zone().address("a.test", 60, "10.0.0.1");
  private final DnsSockets sockets = new DnsSockets(System::nanoTime);
  private Leftovers before;
  private TestNameServer server;
  private DnsSockets.Use use;

  /** Else the files of classes that are loaded with the first query would look left over. */
  @BeforeAll
  static void loadClasses() throws Exception {
    DnsSocketsTest first = new DnsSocketsTest();
    first.server = TestNameServer.serving(first.zone);
    first.use = first.sockets.open();
    first.server.overUdp = query -> List.of(truncated(query).toWire());
    first.ask("a.test");
    first.use.close();
    first.server.close();
  }

  @BeforeEach
  void open() throws Exception {
    before = Leftovers.now();
    server = TestNameServer.serving(zone);
    use = sockets.open();
  }

  @AfterEach
  void close() throws Exception {
    use.close();
    use.close();
    server.close();
    before.awaitNoMore("evenkeel-dns", BOUND);
  }

  @Test
  void ask_answered_hasTheRecords() {
    assertThat(ask("a.test").records()).hasSize(1);
  }

  @Test
  void ask_missingName_isSaid() {
    assertThat(ask("b.test").outcome()).isEqualTo(Outcome.NO_SUCH_NAME);
  }

  @Test
  void ask_ttlOfTenYears_arrives() {
    zone.address("old.test", 315_360_000, "10.0.0.1");

    assertThat(ask("old.test").ttlNanos()).isEqualTo(Duration.ofDays(3650).toNanos());
  }

  @Test
  void ask_serverFailure_isSaid() {
    server.overUdp = query -> List.of(rcode(query, Rcode.SERVFAIL).toWire());

    Reply reply = ask("a.test");

    assertThat(reply.outcome()).isEqualTo(Outcome.FAILURE);
    assertThat(reply.detail()).isEqualTo(Hosts.text(server.address()) + ": SERVFAIL");
  }

  @Test
  void ask_liesBeforeTheAnswer_arePassedOver() {
    server.overUdp =
        query -> {
          List<byte[]> datagrams = new ArrayList<>();
          datagrams.add(new byte[0]);
          datagrams.add(new byte[] {1, 2, 3});
          datagrams.add("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.UTF_8));
          datagrams.add(otherId(forged(query)).toWire());
          datagrams.add(otherQuestion(forged(query)).toWire());
          datagrams.add(query.toWire());
          datagrams.add(zone.answer(query).toWire());
          return datagrams;
        };

    assertThat(ask("a.test").records().get(0).rdataToString()).isEqualTo("10.0.0.1");
  }

  @Test
  void send_onlyLies_endsBeforeItsTime() {
    server.overUdp =
        query -> IntStream.range(0, 2000).mapToObj(i -> otherId(forged(query)).toWire()).toList();

    assertThatThrownBy(() -> send(Exchanger.Transport.UDP, BOUND.toNanos()))
        .hasRootCauseMessage("sends answers to other questions");
  }

  @Test
  void send_silence_endsInTime() {
    server.overUdp = query -> List.of();

    assertThatThrownBy(() -> send(Exchanger.Transport.UDP, SHORT_NANOS))
        .hasRootCauseMessage("no answer");
  }

  @Test
  void send_nobodyListens_failsAtOnce() throws Exception {
    server.close();

    assertThatThrownBy(() -> send(Exchanger.Transport.UDP, BOUND.toNanos()))
        .hasMessageContaining("refuses connections");
  }

  @Test
  void ask_truncated_isCompleteOverTcp() {
    for (int i = 0; i < 200; i++) {
      zone.address("many.test", 60, "10.0.1." + i);
    }
    server.overUdp = query -> List.of(truncated(query).toWire());

    assertThat(ask("many.test").records()).hasSize(200);
    assertThat(server.questions).containsExactly("UDP many.test.", "TCP many.test.");
  }

  @Test
  void ask_truncatedAndNoTcp_isAFailureAndNotHalfAList() {
    server.overUdp = query -> List.of(truncated(query).toWire());
    server.overTcp = query -> null;

    Reply reply = ask("a.test");

    assertThat(reply.outcome()).isEqualTo(Outcome.SILENCE);
    assertThat(reply.detail()).contains("closed the connection before its answer was complete");
  }

  @Test
  void send_tcpInPieces_isPutTogether() throws Exception {
    server.overTcp = query -> TestNameServer.framed(zone.answer(query).toWire());

    assertThat(send(Exchanger.Transport.TCP, BOUND.toNanos()).getSection(Section.ANSWER))
        .hasSize(1);
  }

  @Test
  void send_tcpGarbage_fails() {
    server.overTcp = query -> TestNameServer.framed(new byte[] {1, 2, 3});

    assertThatThrownBy(() -> send(Exchanger.Transport.TCP, BOUND.toNanos()))
        .hasRootCauseMessage("answered something else over TCP");
  }

  @Test
  void send_tcpStalls_endsInTimeAndTheNextOneWorks() throws Exception {
    server.overTcp = query -> new byte[] {0};
    assertThatThrownBy(() -> send(Exchanger.Transport.TCP, SHORT_NANOS))
        .hasRootCauseMessage("no answer");

    server.overTcp = query -> TestNameServer.framed(zone.answer(query).toWire());

    assertThat(send(Exchanger.Transport.TCP, BOUND.toNanos()).getRcode()).isZero();
  }

  @Test
  void close_whileWaiting_endsAllExchanges() {
    server.overUdp = query -> List.of();
    CompletableFuture<Message> waiting =
        sockets.send(Exchanger.Transport.UDP, server.address(), query("a.test"), BOUND.toNanos());

    use.close();

    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("closed");
  }

  @Test
  void close_oneOfTwoUsers_leavesTheOtherAtWork() {
    DnsSockets.Use other = sockets.open();
    ask("a.test");

    other.close();

    assertThat(ask("a.test").records()).hasSize(1);
  }

  @Test
  void send_afterClose_fails() {
    use.close();

    assertThatThrownBy(() -> send(Exchanger.Transport.UDP, BOUND.toNanos()))
        .hasRootCauseMessage("closed");
  }

  @Test
  void send_manyAtOnce_areAllAnswered() throws Exception {
    int count = 100;
    CountDownLatch answered = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      var unused =
          sockets
              .send(Exchanger.Transport.UDP, server.address(), query("a.test"), BOUND.toNanos())
              .thenRun(answered::countDown);
    }

    assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private Reply ask(String name) {
    NameServers servers = new NameServers(sockets, System::nanoTime, () -> 0.5);
    return servers.client(List.of(server.address())).ask(Zone.name(name), Type.A).join();
  }

  private Message send(Exchanger.Transport transport, long timeoutNanos) throws Exception {
    InetSocketAddress address = server.address();
    return sockets
        .send(transport, address, query("a.test"), timeoutNanos)
        .get(20, TimeUnit.SECONDS);
  }

  private static Message query(String name) {
    return Message.newQuery(Record.newRecord(Zone.name(name), Type.A, DClass.IN));
  }

  private static Message forged(Message query) {
    return new Zone().address("a.test", 60, "10.6.6.6").answer(query);
  }

  private static Message otherId(Message answer) {
    answer.getHeader().setID((answer.getHeader().getID() + 1) & 0xFFFF);
    return answer;
  }

  private static Message otherQuestion(Message answer) {
    Message other = new Zone().answer(query("other.test"));
    other.getHeader().setID(answer.getHeader().getID());
    return other;
  }

  private static Message rcode(Message query, int rcode) {
    Message answer = new Zone().answer(query);
    answer.getHeader().setRcode(rcode);
    return answer;
  }

  private static Message truncated(Message query) {
    Message answer = new Zone().address("a.test", 60, "10.6.6.6").answer(query);
    answer.getHeader().setRcode(Rcode.NOERROR);
    answer.getHeader().setFlag(Flags.TC);
    return answer;
  }
}
