package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** Looks up in scripted DNS, by a clock that the test moves. */
class DnsDiscoveryTest {
  private final FakeClock clock = new FakeClock();
  private final ScriptedDns dns = new ScriptedDns();
  private final List<String> told = new ArrayList<>();
  private final List<EndpointSet> sets = new ArrayList<>();
  private DnsDiscovery discovery;

  @AfterEach
  void close() {
    if (discovery != null) {
      discovery.close();
      assertThat(clock.waiting()).isZero();
    }
  }

  @Test
  void start_addressesOfBothKinds_areEndpointsOfTheirOwn() {
    dns.zone.address("orders.test", 60, "10.0.0.1", "10.0.0.2", "2001:db8::1");

    startHost("orders.test", "");

    assertThat(told).containsExactly("10.0.0.1:80 10.0.0.2:80 [2001:db8:0:0:0:0:0:1]:80");
    assertThat(sets.get(0).complete()).isTrue();
  }

  @Test
  void start_family_leavesOthersUnasked() {
    dns.zone.address("orders.test", 60, "10.0.0.1", "2001:db8::1");

    startHost("orders.test", "?family=ipv4");

    assertThat(told).containsExactly("10.0.0.1:80");
    assertThat(dns.asked).containsExactly("A orders.test");
  }

  @Test
  void poll_addressAddedAndRemoved_isSeenWithinOneTtl() {
    dns.zone.address("orders.test", 20, "10.0.0.1", "10.0.0.2");
    startHost("orders.test", "");

    dns.zone.remove("orders.test").address("orders.test", 20, "10.0.0.2", "10.0.0.3");
    clock.advance(Duration.ofSeconds(20));

    assertThat(told).containsExactly("10.0.0.1:80 10.0.0.2:80", "10.0.0.2:80 10.0.0.3:80");
  }

  @Test
  void poll_meetsAnError_saysItAndGoesOn() {
    dns.zone.address("orders.test", 20, "10.0.0.1");
    dns.broken = new NoClassDefFoundError("org/slf4j/LoggerFactory");
    startHost("orders.test", "");

    dns.broken = null;
    clock.advance(Duration.ofSeconds(2));

    assertThat(told).hasSize(2);
    assertThat(told.get(0)).contains("NoClassDefFoundError: org/slf4j/LoggerFactory");
    assertThat(told.get(1)).isEqualTo("10.0.0.1:80");
  }

  @Test
  void poll_answerRotates_keepsItsOrder() {
    dns.zone.address("orders.test", 20, "10.0.0.1", "10.0.0.2", "10.0.0.3");
    startHost("orders.test", "");

    dns.zone.remove("orders.test").address("orders.test", 20, "10.0.0.3", "10.0.0.1", "10.0.0.2");
    clock.advance(Duration.ofSeconds(20));

    assertThat(told).hasSize(2);
    assertThat(told.get(1)).isEqualTo(told.get(0));
  }

  @Test
  void poll_interval_overridesTheTtl() {
    dns.zone.address("orders.test", 86_400, "10.0.0.1");
    startHost("orders.test", "?interval=5s&family=ipv4");

    clock.advance(Duration.ofSeconds(50));

    assertThat(dns.asked).hasSize(11);
  }

  @Test
  void poll_ttlOfZero_asksOnceASecondAndNoMore() {
    dns.zone.address("orders.test", 0, "10.0.0.1");
    startHost("orders.test", "?family=ipv4");

    clock.advance(Duration.ofSeconds(10));

    assertThat(dns.asked).hasSize(11);
  }

  @Test
  void poll_nameGoneAfterAGoodAnswer_isAnErrorUntilItIsBack() {
    dns.zone.address("orders.test", 20, "10.0.0.1");
    startHost("orders.test", "");

    dns.zone.remove("orders.test").negativeTtl(5);
    clock.advance(Duration.ofSeconds(20));
    dns.zone.address("orders.test", 20, "10.0.0.1");
    clock.advance(Duration.ofSeconds(5));

    assertThat(told)
        .containsExactly(
            "10.0.0.1:80",
            "UNAVAILABLE: orders.test does not exist in DNS (127.0.0.1:53: NXDOMAIN)",
            "10.0.0.1:80");
  }

  @Test
  void refresh_withinTheTtl_asksAtOnce() {
    dns.zone.address("orders.test", 300, "10.0.0.1");
    startHost("orders.test", "?family=ipv4");

    discovery.refresh();

    assertThat(dns.asked).hasSize(2);
    assertThat(told).hasSize(2);
  }

  @Test
  void refresh_nameKnownToBeMissing_isAnsweredWithoutAsking() {
    dns.zone.negativeTtl(10);
    startHost("orders.test", "?family=ipv4");

    discovery.refresh();
    clock.advance(Duration.ofSeconds(9));
    discovery.refresh();

    assertThat(dns.asked).hasSize(1);
    assertThat(told).hasSize(3).allMatch(told.get(0)::equals);
  }

  @Test
  void refresh_whileLooking_looksAgain() {
    dns.zone.address("orders.test", 300, "10.0.0.1");
    CompletableFuture<Reply> held = dns.hold("A orders.test");
    startHost("orders.test", "?family=ipv4");

    discovery.refresh();
    held.complete(dns.reply(Zone.name("orders.test"), Type.A));

    assertThat(dns.asked).hasSize(2);
    assertThat(told).hasSize(2);
  }

  @Test
  void poll_silence_waitsLongerEachTime() {
    dns.fail("A orders.test", Outcome.SILENCE);
    startHost("orders.test", "?family=ipv4");

    clock.advance(Duration.ofMinutes(5));

    assertThat(dns.asked).hasSizeBetween(12, 25);
    assertThat(told).allMatch("UNAVAILABLE: A of orders.test: 127.0.0.1:53: SILENCE"::equals);
  }

  @Test
  void look_oneKindFails_otherServesAndLastOnesStay() {
    dns.zone.address("orders.test", 20, "10.0.0.1", "2001:db8::1");
    startHost("orders.test", "");

    dns.fail("AAAA orders.test", Outcome.FAILURE);
    dns.zone.address("orders.test", 20, "10.0.0.2");
    clock.advance(Duration.ofSeconds(20));

    EndpointSet last = sets.get(1);
    assertThat(last.endpoints()).hasSize(3);
    assertThat(last.problems()).containsExactly("AAAA of orders.test: 127.0.0.1:53: FAILURE");
    assertThat(last.complete()).isFalse();
  }

  @Test
  void look_oneKindNeverAnswers_otherServesAfterASecond() {
    dns.zone.address("orders.test", 300, "10.0.0.1");
    var unused = dns.hold("AAAA orders.test");
    startHost("orders.test", "");
    assertThat(told).isEmpty();

    clock.advance(AddressLookup.PATIENCE);

    assertThat(told).containsExactly("10.0.0.1:80");
    assertThat(sets.get(0).complete()).isFalse();
  }

  @Test
  void look_oneKindGone_dropsItsAddresses() {
    dns.zone.address("orders.test", 20, "10.0.0.1", "2001:db8::1");
    startHost("orders.test", "");

    dns.zone.remove("orders.test").address("orders.test", 20, "10.0.0.1");
    clock.advance(Duration.ofSeconds(20));

    assertThat(told.get(1)).isEqualTo("10.0.0.1:80");
  }

  @Test
  void search_shortName_isFoundInADomain() {
    dns.search(1, "a.test", "b.test");
    dns.zone.address("orders.b.test", 60, "10.0.0.1");

    startHost("orders", "?family=ipv4");

    assertThat(told).containsExactly("10.0.0.1:80");
    assertThat(dns.asked).containsExactly("A orders.a.test", "A orders.b.test");
  }

  @Test
  void search_serverCannotSay_triesTheNextName() {
    dns.search(1, "a.test", "b.test");
    dns.fail("A orders.a.test", Outcome.FAILURE);
    dns.zone.address("orders.b.test", 60, "10.0.0.1");

    startHost("orders", "?family=ipv4");

    assertThat(told).containsExactly("10.0.0.1:80");
  }

  @Test
  void search_nameThatWorkedFails_isNotReplacedByAnother() {
    dns.search(1, "a.test", "b.test");
    dns.zone.address("orders.a.test", 20, "10.0.0.1").address("orders.b.test", 20, "10.0.0.9");
    startHost("orders", "?family=ipv4");

    dns.fail("A orders.a.test", Outcome.FAILURE);
    clock.advance(Duration.ofSeconds(20));

    assertThat(told)
        .startsWith("10.0.0.1:80", "UNAVAILABLE: A of orders.a.test: 127.0.0.1:53: FAILURE")
        .doesNotContain("10.0.0.9:80");
  }

  @Test
  void search_silence_endsIt() {
    dns.search(1, "a.test");
    dns.fail("A orders.a.test", Outcome.SILENCE);

    startHost("orders", "?family=ipv4");

    assertThat(dns.asked).containsExactly("A orders.a.test");
  }

  @Test
  void search_failureAndThenNothing_tellsTheFailure() {
    dns.search(1, "a.test");
    dns.fail("A orders.a.test", Outcome.FAILURE);

    startHost("orders", "?family=ipv4");

    assertThat(told).containsExactly("UNAVAILABLE: A of orders.a.test: 127.0.0.1:53: FAILURE");
  }

  @Test
  void hosts_nameListed_isNotAskedForAndLookedAtAgain() {
    dns.hosts("10.0.0.1 orders.test");
    startHost("orders.test", "");

    dns.hosts("10.0.0.1 orders.test", "10.0.0.2 orders.test");
    clock.advance(HostLookup.HOSTS_TTL);

    assertThat(told).containsExactly("10.0.0.1:80", "10.0.0.1:80 10.0.0.2:80");
    assertThat(dns.asked).isEmpty();
  }

  @Test
  void start_address_needsNoDns() {
    startHost("::1", "");

    assertThat(told).containsExactly("[0:0:0:0:0:0:0:1]:80");
    assertThat(dns.asked).isEmpty();
  }

  @Test
  void close_whileLooking_saysNothingAndLeavesNoTimer() {
    CompletableFuture<Reply> held = dns.hold("A orders.test");
    startHost("orders.test", "?family=ipv4");

    discovery.close();
    discovery.close();
    held.complete(Reply.failed(Outcome.SILENCE, Zone.name("orders.test"), "closed"));

    assertThat(told).isEmpty();
    assertThat(clock.waiting()).isZero();
    assertThat(dns.closed).isTrue();
  }

  @Test
  void look_throws_isAnErrorAndTriedAgain() {
    dns.hold("A orders.test").completeExceptionally(new IllegalStateException("a bug"));
    dns.zone.address("orders.test", 300, "10.0.0.1");
    startHost("orders.test", "?family=ipv4");

    clock.advance(Duration.ofSeconds(1));

    assertThat(told).hasSize(2);
    assertThat(told.get(0)).contains("a bug");
    assertThat(told.get(1)).isEqualTo("10.0.0.1:80");
  }

  @Test
  void txt_off_isNotAskedFor() {
    dns.zone.address("orders.test", 60, "10.0.0.1");

    startHost("orders.test", "?family=ipv4");

    assertThat(dns.asked).containsExactly("A orders.test");
  }

  @Test
  void txt_on_bringsTheConfig() {
    dns.zone
        .address("orders.test", 60, "10.0.0.1")
        .txt(
            "_grpc_config.orders.test",
            List.of("grpc_config=[{\"serviceConfig\":", "{\"methodConfig\":[]}}]"));

    startHost("orders.test", "?family=ipv4&txt=true");

    assertThat(sets.get(0).serviceConfig().toString()).isEqualTo("{methodConfig=[]}");
  }

  @Test
  void txt_malformed_isIgnoredAndTheAddressesServe() {
    dns.zone
        .address("orders.test", 60, "10.0.0.1")
        .txt("_grpc_config.orders.test", List.of("grpc_config=[{"));

    startHost("orders.test", "?family=ipv4&txt=true");

    assertThat(told).containsExactly("10.0.0.1:80");
    assertThat(sets.get(0).serviceConfig()).isNull();
    assertThat(sets.get(0).problems().get(0))
        .startsWith("TXT of _grpc_config.orders.test: ")
        .endsWith("; no service config is used");
  }

  private void startHost(String host, String query) {
    DnsSettings settings = DnsSettings.of(URI.create("dns+refresh:///x:80" + query));
    discovery =
        new DnsDiscovery(
            (serial, timers) -> new HostLookup(host, 80, settings.lookup(serial, timers)),
            dns,
            settings,
            new DiscoveryContext(Runnable::run, clock, clock, () -> 0));
    discovery.start(new Recorder());
  }

  private final class Recorder implements DiscoveryListener {
    @Override
    public void onEndpoints(EndpointSet set) {
      sets.add(set);
      told.add(String.join(" ", set.endpoints().stream().map(Endpoint::displayAddress).toList()));
    }

    @Override
    public void onError(Status status) {
      told.add(status.getCode() + ": " + status.getDescription());
    }
  }
}
