package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.WatchedTarget.Result;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Targets of {@code dns+refresh}, against name servers in this process. */
class DnsRefreshProviderTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Zone zone = new Zone().address("orders.test", 1, "127.0.0.2");
  private TestNameServer server;

  @BeforeEach
  void open() throws Exception {
    server = TestNameServer.serving(zone);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  @Test
  void watch_ttlOfASecond_followsTheRecords() throws Exception {
    try (WatchedTarget watched = watch(own() + "/orders.test:80")) {
      watched.next(BOUND);

      zone.address("orders.test", 1, "127.0.0.3");

      assertThat(addresses(watched.next(BOUND))).containsExactly("127.0.0.2:80", "127.0.0.3:80");
    }
  }

  @Test
  void watch_alias_isFollowed() throws Exception {
    zone.alias("shop.test", 5, "orders.test");

    try (WatchedTarget watched = watch(own() + "/shop.test:80")) {
      assertThat(addresses(watched.next(BOUND))).containsExactly("127.0.0.2:80");
    }
  }

  @Test
  void watch_nameServerByName_isLookedUp() throws Exception {
    String named = "localhost:" + server.address().getPort();

    try (WatchedTarget watched = watch(named + "/orders.test:80")) {
      assertThat(addresses(watched.next(BOUND))).containsExactly("127.0.0.2:80");
    }
  }

  @Test
  void watch_nameServerByUnknownName_saysSo() throws Exception {
    try (WatchedTarget watched = watch("ns.invalid/orders.test:80")) {
      assertThat(watched.next(BOUND).failure()).hasMessageContaining("the name server ns.invalid");
    }
  }

  @Test
  void watch_firstOfTwoNameServersSilent_isServedByTheSecond() throws Exception {
    try (TestNameServer silent = new TestNameServer();
        WatchedTarget watched =
            watch(escaped(silent) + "," + escaped(server) + "/orders.test:80")) {
      assertThat(addresses(watched.next(BOUND))).containsExactly("127.0.0.2:80");
    }
  }

  @Test
  void watch_serverFailureAfterAGoodAnswer_keepsTheListAndRecovers() throws Exception {
    try (WatchedTarget watched = watch(own() + "/orders.test:80")) {
      watched.next(BOUND);

      Function<Message, List<byte[]>> right = server.overUdp;
      server.overUdp = query -> List.of(failure(query).toWire());
      int asked = server.questions.size();
      Await.until(BOUND, server.questions::size, questions -> questions >= asked + 8);
      assertThat(watched.isQuiet()).isTrue();
      zone.address("orders.test", 1, "127.0.0.3");
      server.overUdp = right;

      assertThat(addresses(watched.next(BOUND))).containsExactly("127.0.0.2:80", "127.0.0.3:80");
    }
  }

  @Test
  void watch_configInTxt_arrivesWhereAskedFor() throws Exception {
    zone.txt(
        "_grpc_config.orders.test", List.of("grpc_config=[{\"serviceConfig\":{\"a\":\"b\"}}]"));

    try (WatchedTarget watched = watch(own() + "/orders.test:80?txt=true")) {
      assertThat(watched.next(BOUND).serviceConfig()).hasToString("{a=b}");
    }
  }

  private static Message failure(Message query) {
    Message answer = new Zone().answer(query);
    answer.getHeader().setRcode(Rcode.SERVFAIL);
    return answer;
  }

  private String own() {
    return Hosts.text(server.address());
  }

  /** A colon in a list of hosts has to be escaped. */
  private static String escaped(TestNameServer server) {
    return Hosts.text(server.address()).replace(":", "%3A");
  }

  private static WatchedTarget watch(String rest) {
    return new WatchedTarget(new DnsRefreshProvider(), URI.create("dns+refresh://" + rest));
  }

  private static List<String> addresses(Result result) {
    return result.endpoints().stream().map(Endpoint::displayAddress).toList();
  }
}
