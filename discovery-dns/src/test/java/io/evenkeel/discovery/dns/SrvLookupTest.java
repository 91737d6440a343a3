package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.FakeClock;
import io.grpc.SynchronizationContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class SrvLookupTest {
  private static final String NAME = "_grpc._tcp.orders.test";

  private final FakeClock clock = new FakeClock();
  private final ScriptedDns dns = new ScriptedDns();
  private final SrvLookup lookup =
      new SrvLookup(
          NAME,
          new AddressLookup(
              List.of(Type.A, Type.AAAA), new SynchronizationContext((thread, e) -> {}), clock));

  @Test
  void look_records_haveTheirPortPriorityAndWeight() {
    dns.zone
        .srv(NAME, 10, 3, 8081, "a.test")
        .srv(NAME, 20, 5, 8082, "b.test")
        .address("a.test", 60, "10.0.0.1")
        .address("b.test", 60, "10.0.0.2");

    Seen seen = look();

    assertThat(seen.endpoints())
        .extracting(Endpoint::displayAddress)
        .containsExactly("10.0.0.1:8081", "10.0.0.2:8082");
    assertThat(seen.endpoints())
        .extracting(Endpoint::id)
        .containsExactly("a.test:8081", "b.test:8082");
    assertThat(seen.endpoints()).extracting(Endpoint::priority).containsExactly(10, 20);
    assertThat(seen.endpoints()).extracting(Endpoint::weight).containsExactly(3, 5);
    assertThat(seen.domain()).isEqualTo(Zone.name("orders.test"));
  }

  @Test
  void look_targetWithTwoAddresses_isOneEndpointOfTheRecordsWeight() {
    dns.zone.srv(NAME, 0, 7, 80, "a.test").address("a.test", 60, "10.0.0.1", "2001:db8::1");

    assertThat(look().endpoints()).hasSize(1);
    assertThat(look().endpoints().get(0).addresses()).hasSize(2);
  }

  @Test
  void look_sameTargetOnTwoPorts_isTwoEndpoints() {
    dns.zone
        .srv(NAME, 0, 1, 81, "a.test")
        .srv(NAME, 0, 1, 82, "a.test")
        .address("a.test", 60, "10.0.0.1");

    assertThat(look().endpoints())
        .extracting(Endpoint::displayAddress)
        .containsExactly("10.0.0.1:81", "10.0.0.1:82");
  }

  @Test
  void look_noWeightInAPriority_makesAllOfItEqual() {
    dns.zone
        .srv(NAME, 0, 0, 81, "a.test")
        .srv(NAME, 0, 0, 82, "a.test")
        .srv(NAME, 1, 0, 83, "a.test")
        .srv(NAME, 1, 9, 84, "a.test")
        .address("a.test", 60, "10.0.0.1");

    assertThat(look().endpoints()).extracting(Endpoint::weight).containsExactly(1, 1, 0, 9);
  }

  @Test
  void look_addressesInTheAdditionalSection_areNotAskedFor() {
    dns.zone.srv(NAME, 0, 1, 80, "a.test");
    Reply bare = dns.reply(Zone.name(NAME), Type.SRV);
    Zone other = new Zone().address("a.test", 20, "10.0.0.1").address("evil.test", 1, "10.6.6.6");
    List<Record> additional = List.of(record(other, "a.test"), record(other, "evil.test"));
    dns.hold("SRV " + NAME)
        .complete(
            new Reply(
                bare.outcome(),
                bare.records(),
                additional,
                bare.ttlNanos(),
                bare.alias(),
                bare.detail()));

    Seen seen = look();

    assertThat(dns.asked).containsExactly("SRV " + NAME);
    assertThat(seen.endpoints())
        .extracting(Endpoint::displayAddress)
        .containsExactly("10.0.0.1:80");
    assertThat(seen.ttlNanos()).isEqualTo(20_000_000_000L);
  }

  @Test
  void look_targetMissing_leavesThatOneOut() {
    dns.zone
        .srv(NAME, 0, 1, 80, "a.test")
        .srv(NAME, 0, 1, 80, "b.test")
        .address("a.test", 60, "10.0.0.1");

    Seen seen = look();

    assertThat(seen.endpoints()).extracting(Endpoint::id).containsExactly("a.test:80");
    assertThat(seen.problems())
        .containsExactly("b.test does not exist in DNS (127.0.0.1:53: NXDOMAIN)");
  }

  @Test
  void look_targetCannotBeLookedUp_keepsItsAddresses() {
    dns.zone.srv(NAME, 0, 1, 80, "a.test").address("a.test", 60, "10.0.0.1");
    look();

    dns.fail("A a.test", Outcome.SILENCE);
    dns.fail("AAAA a.test", Outcome.SILENCE);
    Seen seen = look();

    assertThat(seen.endpoints())
        .extracting(Endpoint::displayAddress)
        .containsExactly("10.0.0.1:80");
    assertThat(seen.complete()).isFalse();
  }

  @Test
  void look_noTargetCanBeLookedUp_isAFailure() {
    dns.zone.srv(NAME, 0, 1, 80, "a.test");
    dns.fail("A a.test", Outcome.FAILURE);
    dns.fail("AAAA a.test", Outcome.FAILURE);

    assertThat(look().outcome()).isEqualTo(Outcome.FAILURE);
  }

  @Test
  void look_targetIsTheRoot_saysTheServiceIsNotOffered() {
    dns.zone.srv(NAME, 0, 0, 0, ".");

    Seen seen = look();

    assertThat(seen.outcome()).isEqualTo(Outcome.NO_RECORDS);
    assertThat(seen.problems().get(0)).contains("the service is not offered");
  }

  @Test
  void look_answerRotates_keepsItsOrder() {
    dns.zone
        .srv(NAME, 0, 1, 81, "a.test")
        .srv(NAME, 0, 1, 82, "a.test")
        .address("a.test", 60, "10.0.0.1");
    Seen before = look();

    dns.zone.remove(NAME).srv(NAME, 0, 1, 82, "a.test").srv(NAME, 0, 1, 81, "a.test");

    assertThat(look().endpoints()).isEqualTo(before.endpoints());
  }

  @Test
  void look_otherWeight_isSeen() {
    dns.zone.srv(NAME, 0, 1, 81, "a.test").address("a.test", 60, "10.0.0.1");
    look();

    dns.zone.remove(NAME).srv(NAME, 0, 8, 81, "a.test");

    assertThat(look().endpoints()).extracting(Endpoint::weight).containsExactly(8);
  }

  @Test
  void look_manyTargets_areAskedForAFewAtATime() {
    for (int i = 0; i < 40; i++) {
      dns.zone.srv(NAME, 0, 1, 80, "t" + i + ".test").address("t" + i + ".test", 60, "10.0.0." + i);
      var unused = dns.hold("A t" + i + ".test");
    }
    CompletableFuture<Seen> looking = lookup.look(dns.setup(), dns);

    assertThat(looking).isNotDone();
    assertThat(dns.asked).filteredOn(question -> question.startsWith("A ")).hasSize(16);
  }

  @Test
  void look_noSrvRecords_saysSo() {
    dns.zone.address(NAME, 60, "10.0.0.1");

    assertThat(look().problems())
        .containsExactly(NAME + " has no SRV records (127.0.0.1:53: no such records)");
  }

  private static Record record(Zone zone, String name) {
    return zone.answer(Message.newQuery(Record.newRecord(Zone.name(name), Type.A, DClass.IN)))
        .getSection(Section.ANSWER)
        .get(0);
  }

  private Seen look() {
    return lookup.look(dns.setup(), dns).join();
  }
}
