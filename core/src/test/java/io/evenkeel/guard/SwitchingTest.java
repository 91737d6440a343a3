package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerListener;
import io.evenkeel.CallTracking;
import io.evenkeel.Endpoint;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.PacedCalls;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All pieces around the policy are switched on and off, by service config, under load. */
final class SwitchingTest {
  private static final int PER_SECOND = 500;
  private static final int SWITCHES = 25;
  private static final int SERVERS = 6;
  private static final int SUBSET = 3;
  private static final int MOST_CONNECTIONS = 4;

  /** What other parts of the JVM may start meanwhile. */
  private static final int SLACK = 10;

  /** Limits that a burst of calls after a pause of the machine does not reach. */
  private static final Map<String, ?> ALL =
      Map.ofEntries(
          Map.entry("policy", Map.of("peak_ewma", Map.of())),
          Map.entry("outlier", Map.of("successRate", Map.of(), "latency", Map.of())),
          Map.entry("panicThreshold", 40.0),
          Map.entry("zone", Map.of("local", "a")),
          Map.entry("slowStart", Map.of("window", "60s")),
          Map.entry("subset", Map.of("size", (double) SUBSET)),
          Map.entry("maxInFlightPerEndpoint", 500.0),
          Map.entry("adaptiveLimit", Map.of("initial", 400.0, "min", 200.0)),
          Map.entry(
              "connections",
              Map.of("maxPerEndpoint", (double) MOST_CONNECTIONS, "maxStreams", 100.0)),
          Map.entry("retryBudget", Map.of("percent", 30.0, "window", "5s")),
          Map.entry("hedging", Map.of("percentile", 99.0)),
          Map.entry("connect", Map.of("maxConcurrent", 10.0)));

  private final CountedTimers timers = new CountedTimers();
  private final StateKeeper state = new StateKeeper();
  private final EchoServer[] servers =
      Stream.generate(() -> EchoServer.inProcess()).limit(SERVERS).toArray(EchoServer[]::new);
  private final TestDiscovery discovery =
      TestDiscovery.inProcess().groups(inTwoZones(servers)).serviceConfig(config(Map.of()));

  @AfterEach
  void stop() {
    timers.shutdownNow();
    Stream.of(servers).forEach(EchoServer::close);
  }

  @Test
  void everything_onAndOffUnderLoad_failsNoCallAndLeavesNothing() {
    ManagedChannel channel = channel();
    Echo.call(channel);
    long threads = threads();

    try (PacedCalls calls = new PacedCalls(channel, PER_SECOND)) {
      for (int i = 0; i < SWITCHES; i++) {
        use(ALL, SUBSET);
        calls.pass(PER_SECOND / 20);
        use(Map.of(), SERVERS);
        calls.pass(PER_SECOND / 20);
      }
      calls.finish();
      assertThat(calls.failures()).isEmpty();
    }
    Eventually.await("no timer of a piece is left", () -> timers.ofTheBalancer() == 0);

    use(ALL, SUBSET);
    assertThat(timers.ofTheBalancer()).isPositive();
    Eventually.await(
        "the connections of the subset are left", () -> connections() <= SUBSET * MOST_CONNECTIONS);

    Channels.close(channel);
    Eventually.await("no timer of the balancer is left", () -> timers.ofTheBalancer() == 0);
    Eventually.await("no connection is left", () -> connections() == 0);
    Eventually.await("threads are gone", () -> threads() <= threads + SLACK);
    assertThat(discovery.listeners()).isZero();
  }

  private void use(Map<String, ?> evenkeel, int endpoints) {
    discovery.serviceConfig(config(evenkeel));
    state.await(endpoints + " endpoints are in use", seen -> seen.ready() == endpoints);
  }

  /** All but those that gRPC keeps for a minute, as many as a busy machine has made it start. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith("grpc-default-executor"))
        .count();
  }

  private int connections() {
    return Stream.of(servers).mapToInt(EchoServer::connections).sum();
  }

  private ManagedChannel channel() {
    return Channels.inProcess(discovery, Map.of())
        .setNameResolverArg(BalancerListener.KEY, state)
        .intercept(CallTracking.interceptor())
        .scheduledExecutorService(timers)
        .build();
  }

  private static Map<String, ?> config(Map<String, ?> evenkeel) {
    return Fleet.config(evenkeel, Fleet.hedges(2, "0.050s"));
  }

  private static List<EquivalentAddressGroup> inTwoZones(EchoServer... servers) {
    return IntStream.range(0, servers.length)
        .mapToObj(i -> Endpoint.of(servers[i].group()).withZone(i % 2 == 0 ? "a" : "b"))
        .map(Endpoint::toAddressGroup)
        .toList();
  }
}
