package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.TrafficGroup;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.PacedCalls;
import io.evenkeel.fixture.ScriptedHealth;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many endpoints are lost at once, under load. */
final class ZoneLossTest {
  private static final int PER_SECOND = 500;
  private static final int ZONE = 3;

  /** For so many calls the zone is away; one that waits for its return waits for as many. */
  private static final int OUTAGE = 2 * PER_SECOND;

  /**
   * So many calls in a row are looked at. The first of three local endpoints that is back gets half
   * of them, give or take 9; two fair shares are six such deviations more.
   */
  private static final int WINDOW = 300;

  private static final int FAIR = WINDOW / ZONE;

  private static final List<TrafficGroup> PANIC = List.of(new TrafficGroup(0, "", 1, true));
  private static final List<TrafficGroup> NO_PANIC = List.of(new TrafficGroup(0, "", 1, false));

  private final Events events = new Events();

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_request", "weighted_round_robin"})
  void localZone_lostAndBackOneByOne_costsNoCallAndBringsNoBurst(String policy) {
    EchoServer[] local = Fleet.servers(ZONE);
    EchoServer[] remote = Fleet.servers(ZONE);
    List<EchoServer> back = new ArrayList<>();
    try (Fleet fleet = inTwoZones(policy, local, remote);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      Arrivals arrivals = new Arrivals(calls);
      arrivals.watch(local);
      arrivals.watch(remote);
      calls.pass(WINDOW);
      assertThat(arrivals.since(0, remote)).isZero();

      Stream.of(local).forEach(EchoServer::close);
      calls.pass(OUTAGE);
      for (EchoServer server : local) {
        back.add(again(server, arrivals));
        fleet.state.await("it is back", seen -> seen.ready() == ZONE + back.size());
        calls.pass(WINDOW);
      }
      Eventually.await("no call leaves the zone", () -> noneOfTheNext(50, calls, arrivals, remote));
      int allBackAt = calls.started();
      calls.pass(WINDOW);
      calls.finish();

      assertThat(calls.failures()).isEmpty();
      assertThat(arrivals.longestWait()).isLessThan(OUTAGE);
      assertThat(arrivals.most(WINDOW)).isBetween(FAIR, 2 * FAIR);
      assertThat(arrivals.since(allBackAt, remote)).isZero();
    } finally {
      back.forEach(EchoServer::close);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_request", "weighted_round_robin"})
  void health_threeOfFiveDoNotServe_allAreUsedAndTheEventSaysSo(String policy) {
    List<ScriptedHealth> health =
        Stream.generate(() -> ScriptedHealth.of(ServingStatus.SERVING)).limit(5).toList();
    EchoServer[] servers = health.stream().map(EchoServer::netty).toArray(EchoServer[]::new);
    Map<String, Object> config =
        new HashMap<>(Fleet.config(Map.of("policy", Map.of(policy, Map.of())), Map.of()));
    config.put("healthCheckConfig", Map.of("serviceName", ""));
    try (Fleet fleet = new Fleet(TestDiscovery.inet(servers), config, events, servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      health.subList(0, 3).forEach(each -> each.set("", ServingStatus.NOT_SERVING));
      Eventually.await("it panics", () -> !events.splits.isEmpty());
      awaitCalls(servers);
      health.get(0).set("", ServingStatus.SERVING);
      Eventually.await("it panics no more", () -> events.splits.size() > 1);
      calls.finish();

      assertThat(events.splits).containsExactly(PANIC, NO_PANIC);
      assertThat(calls.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_request", "weighted_round_robin"})
  void outliers_threeOfFiveAreEjected_allAreUsedAndTheEventSaysSo(String policy) {
    EchoServer[] servers = Fleet.servers(5);
    Map<String, ?> evenkeel =
        Map.of(
            "policy",
            Map.of(policy, Map.of()),
            "outlier",
            Map.of("baseEjectionTime", "60s", "maxEjectionPercent", 100.0),
            "retryBudget",
            Map.of("minPerSecond", 10_000.0));
    try (Fleet fleet = new Fleet(evenkeel, Fleet.retries(5), events, servers);
        PacedCalls calls = new PacedCalls(fleet.channel, PER_SECOND)) {
      Stream.of(servers).limit(3).forEach(server -> server.fail(Status.UNAVAILABLE));
      Eventually.await("it panics", () -> !events.splits.isEmpty());
      awaitCalls(servers);
      calls.finish();

      assertThat(events.splits).containsExactly(PANIC);
      assertThat(calls.failures()).isEmpty();
    }
  }

  private static boolean noneOfTheNext(
      int count, PacedCalls calls, Arrivals arrivals, EchoServer[] servers) {
    int now = calls.started();
    calls.pass(count);
    return arrivals.since(now, servers) == 0;
  }

  /** Returns when each of {@code servers} has got a call more. */
  private static void awaitCalls(EchoServer[] servers) {
    for (EchoServer server : servers) {
      int before = server.calls();
      Eventually.await(server.name() + " gets calls", () -> server.calls() > before);
    }
  }

  private static EchoServer again(EchoServer server, Arrivals arrivals) {
    EchoServer again = EchoServer.nettyOn(server.port());
    arrivals.watch(again);
    return again;
  }

  private Fleet inTwoZones(String policy, EchoServer[] local, EchoServer[] remote) {
    List<EquivalentAddressGroup> groups = new ArrayList<>();
    Stream.of(local).forEach(server -> groups.add(inZone(server, "a")));
    Stream.of(remote).forEach(server -> groups.add(inZone(server, "b")));
    TestDiscovery discovery = TestDiscovery.inet().groups(groups);
    EchoServer[] all =
        Stream.concat(Stream.of(local), Stream.of(remote)).toArray(EchoServer[]::new);
    Map<String, ?> evenkeel =
        Map.of(
            "policy",
            Map.of(policy, Map.of()),
            "zone",
            Map.of("local", "a"),
            "connect",
            Map.of("maxBackoff", "1s"));
    return new Fleet(discovery, Fleet.config(evenkeel, Fleet.retriesOfLost(4)), events, all);
  }

  private static EquivalentAddressGroup inZone(EchoServer server, String zone) {
    return Endpoint.of(server.group()).withZone(zone).toAddressGroup();
  }
}
