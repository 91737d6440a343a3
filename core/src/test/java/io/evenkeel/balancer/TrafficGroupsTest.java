package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.ClientZone;
import io.evenkeel.Endpoint;
import io.evenkeel.TrafficGroup;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the balancer uses priorities, zones and panic, on a fake channel. */
final class TrafficGroupsTest {
  private static final int CALLS = 2_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "round_robin",
        "weighted_round_robin",
        "random",
        "weighted_random",
        "least_request",
        "peak_ewma",
        "ring_hash",
        "maglev",
        "rendezvous"
      })
  void priorities_firstIsGood_getsAllCallsUnderAnyPolicy(String policy) {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    fixture.config(Map.of("policy", Map.of(policy, Map.of())));

    ready(fixture, priority(1, 0), priority(2, 0), priority(3, 1));

    assertThat(countOf(fixture)).containsOnlyKeys(1, 2);
  }

  @Test
  void priorities_firstIsLost_theSecondTakesOver() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    ready(fixture, priority(1, 0), priority(2, 1));

    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("gone"));
    fixture.passCoalescing();

    assertThat(countOf(fixture)).containsOnlyKeys(2);
  }

  @Test
  void priorities_halfOfTheFirstIsLost_thirtyPercentSpill() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    ready(fixture, priority(1, 0), priority(2, 0), priority(3, 1), priority(4, 1));

    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("gone"));
    fixture.passCoalescing();

    Map<Integer, Integer> counts = countOf(fixture);
    assertThat(counts.get(2)).isBetween(CALLS * 64 / 100, CALLS * 76 / 100);
    assertThat(counts.get(3) + counts.get(4)).isEqualTo(CALLS - counts.get(2));
  }

  @Test
  void zones_localHasItsPart_callsStay() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    fixture.helper.with(ClientZone.KEY, "a");

    ready(fixture, zone(1, "a"), zone(2, "b"));

    assertThat(countOf(fixture)).containsOnlyKeys(1);
  }

  @Test
  void zones_localIsLost_theOthersTakeOverAndGiveBack() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    fixture.config(Map.of("zone", Map.of("local", "a")));
    ready(fixture, zone(1, "a"), zone(2, "a"), zone(3, "b"), zone(4, "b"));

    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("gone"));
    fixture.subchannel(2).fail(Status.UNAVAILABLE.withDescription("gone"));
    fixture.passCoalescing();
    Map<Integer, Integer> meanwhile = countOf(fixture);
    fixture.passBackoff();
    fixture.subchannel(1).ready();
    fixture.subchannel(2).ready();
    fixture.passCoalescing();

    assertThat(meanwhile).containsOnlyKeys(3, 4);
    assertThat(countOf(fixture)).containsOnlyKeys(1, 2);
  }

  /** One of three local endpoints is back: it must not get the calls of three. */
  @Test
  void zones_localComesBackOneByOne_theFirstGetsWhatAllThatAreGoodGet() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    fixture.config(Map.of("zone", Map.of("local", "a")));
    ready(
        fixture,
        zone(1, "a"),
        zone(2, "a"),
        zone(3, "a"),
        zone(4, "b"),
        zone(5, "b"),
        zone(6, "b"));
    for (int port = 1; port <= 3; port++) {
      fixture.subchannel(port).fail(Status.UNAVAILABLE.withDescription("gone"));
    }
    fixture.passBackoff();

    fixture.subchannel(1).ready();
    fixture.passCoalescing();

    // One of four is good here, and half of the clients are: it keeps a half of their calls.
    assertThat(countOf(fixture).get(1)).isBetween(CALLS * 45 / 100, CALLS * 55 / 100);
  }

  @Test
  void zones_unknownHere_callsGoEverywhere() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));

    ready(fixture, zone(1, "a"), zone(2, "b"));

    assertThat(fixture.picks(4)).containsOnly(1, 2);
    assertThat(fixture.snapshot().groups()).containsExactly(new TrafficGroup(0, "", 1, false));
  }

  @Test
  void split_groupsChange_isToldOnce() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));

    ready(fixture, priority(1, 0), priority(2, 1), priority(3, 1));
    fixture.subchannel(3).fail(Status.UNAVAILABLE.withDescription("gone"));
    fixture.passCoalescing();
    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("gone"));
    fixture.passCoalescing();

    assertThat(fixture.events.stream().filter(event -> event.startsWith("traffic")))
        .containsExactly(
            "traffic "
                + List.of(new TrafficGroup(0, "", 1, false), new TrafficGroup(1, "", 0, false)),
            "traffic "
                + List.of(new TrafficGroup(0, "", 0, false), new TrafficGroup(1, "", 1, false)));
  }

  @Test
  void snapshot_twoZones_showsWhatEachGets() {
    BalancerFixture fixture = new BalancerFixture(new Random(1));
    fixture.config(Map.of("zone", Map.of("local", "a")));

    ready(fixture, zone(1, "a"), zone(2, "b"));

    assertThat(fixture.snapshot().groups())
        .containsExactly(new TrafficGroup(0, "a", 1, false), new TrafficGroup(0, "b", 0, false));
    assertThat(fixture.snapshot().toString())
        .contains("traffic: priority 0, zone a, gets 100 %; priority 0, zone b, gets 0 %");
    assertThat(fixture.snapshot().toJson())
        .contains("{\"priority\":0,\"zone\":\"a\",\"share\":1.0,\"panics\":false}");
  }

  private static void ready(BalancerFixture fixture, EquivalentAddressGroup... groups) {
    fixture.accept(groups);
    fixture.readyAll();
    fixture.passCoalescing();
  }

  private static EquivalentAddressGroup priority(int port, int priority) {
    return Endpoint.of(BalancerFixture.address(port)).withPriority(priority).toAddressGroup();
  }

  private static EquivalentAddressGroup zone(int port, String zone) {
    return Endpoint.of(BalancerFixture.address(port)).withZone(zone).toAddressGroup();
  }

  private static Map<Integer, Integer> countOf(BalancerFixture fixture) {
    Map<Integer, Integer> counts = new HashMap<>();
    fixture.picks(CALLS).forEach(port -> counts.merge(port, 1, Integer::sum));
    return counts;
  }
}
