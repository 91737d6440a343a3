package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerState;
import io.evenkeel.EndpointSnapshot;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** To which endpoints a client with a subset connects. */
final class SubsetTest {
  private static final Status REFUSED = Status.UNAVAILABLE.withDescription("refused");
  private static final int SERVERS = 300;

  @Test
  void accept_manyServers_connectsToTheSubsetOnly() {
    BalancerFixture fixture = client(1, Map.of("size", 20));

    assertThat(fixture.helper.subchannels()).hasSize(20);
    assertThat(fixture.snapshot().outsideSubset()).isEqualTo(SERVERS - 20);
    assertThat(fixture.snapshot().toString()).contains("subset: 280 more endpoints are not in it");
  }

  @Test
  void accept_oneServerLeaves_changesOneConnectionAtMost() {
    for (int seed = 0; seed < 20; seed++) {
      BalancerFixture fixture = client(seed, Map.of("size", 20));
      Set<Integer> before = connected(fixture);

      fixture.accept(IntStream.rangeClosed(2, SERVERS).toArray());
      fixture.readyAll();

      Set<Integer> kept = connected(fixture);
      kept.retainAll(before);
      assertThat(kept).hasSizeGreaterThanOrEqualTo(19);
    }
  }

  @Test
  void failed_someOfTheSubset_othersTakeTheirPlace() {
    BalancerFixture fixture = client(1, Map.of("size", 20));
    Set<Integer> before = connected(fixture);

    before.stream().limit(5).forEach(port -> fixture.subchannel(port).fail(REFUSED));
    fixture.passCoalescing();
    fixture.readyAll();
    fixture.passCoalescing();

    BalancerState state = fixture.lastState();
    assertThat(state.ready()).isEqualTo(20);
    assertThat(state.failed()).isEqualTo(5);
  }

  @Test
  void failed_comesBack_theSubstituteGoes() {
    BalancerFixture fixture = client(1, Map.of("size", 20));
    Set<Integer> before = connected(fixture);
    int failed = before.iterator().next();

    fixture.subchannel(failed).fail(REFUSED);
    fixture.passCoalescing();
    fixture.readyAll();
    fixture.passBackoff();
    fixture.readyAll();
    fixture.passCoalescing();
    fixture.passCoalescing();

    assertThat(connected(fixture)).isEqualTo(before);
  }

  @Test
  void aperture_allPeers_loadEveryServerAlike() {
    Map<Integer, Integer> load = new HashMap<>();
    int calls = 2_000;
    for (int peer = 0; peer < 60; peer++) {
      BalancerFixture fixture =
          client(
              peer,
              Map.of("size", 20, "algorithm", "aperture", "peerIndex", peer, "peerCount", 60));
      fixture.picks(calls).forEach(port -> load.merge(port, 1, Integer::sum));
    }

    double even = 60.0 * calls / SERVERS;
    assertThat(load).hasSize(SERVERS);
    assertThat(load.values()).allMatch(each -> Math.abs(each - even) < 0.25 * even);
  }

  @Test
  void switchedOff_always_connectsToAll() {
    BalancerFixture fixture = client(1, Map.of("size", 20));

    fixture.config(Map.of()).accept(IntStream.rangeClosed(1, SERVERS).toArray());
    fixture.readyAll();
    fixture.passCoalescing();

    assertThat(connected(fixture)).hasSize(SERVERS);
    assertThat(fixture.snapshot().outsideSubset()).isZero();
  }

  @Test
  void shutdown_whileTheSubsetIsAboutToChange_leavesNoTimer() {
    BalancerFixture fixture = client(1, Map.of("size", 20));
    connected(fixture).forEach(port -> fixture.subchannel(port).fail(REFUSED));

    fixture.shutdown();

    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  private static BalancerFixture client(int seed, Map<String, Object> subset) {
    BalancerFixture fixture = new BalancerFixture(new Random(seed));
    fixture.config(Map.of("subset", subset, "policy", Map.of("random", Map.of())));
    fixture.accept(IntStream.rangeClosed(1, SERVERS).toArray());
    fixture.readyAll();
    fixture.passCoalescing();
    return fixture;
  }

  private static Set<Integer> connected(BalancerFixture fixture) {
    return fixture.snapshot().endpoints().stream()
        .map(EndpointSnapshot::endpoint)
        .map(endpoint -> BalancerFixture.port(endpoint.toAddressGroup()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
