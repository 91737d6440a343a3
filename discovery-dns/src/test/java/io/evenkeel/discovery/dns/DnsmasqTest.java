package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.gson.Gson;
import io.evenkeel.CallTracking;
import io.evenkeel.Evenkeel;
import io.evenkeel.SourceSnapshot;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.DnsmasqServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels over a real name server to real servers, each on a loopback address of its own. */
@RequiresServer("dnsmasq")
class DnsmasqTest {
  private static final Duration TTL = Duration.ofSeconds(2);

  /** One TTL, and what connecting and the first call may take on a busy machine. */
  private static final Duration WITHIN_TTL = TTL.plusSeconds(8);

  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final Map<String, Backend> backends = new LinkedHashMap<>();
  private DnsmasqServer dns;
  private ManagedChannel channel;

  @AfterEach
  void close() throws Exception {
    if (channel != null) {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    for (Backend each : backends.values()) {
      each.close();
    }
    if (dns != null) {
      dns.close();
    }
  }

  @Test
  void refresh_addressAddedWhileAllIsWell_getsTrafficWithinTheTtl() throws Exception {
    startBackends("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5");
    startDns();
    publish("127.0.0.2", "127.0.0.3", "127.0.0.4");
    connect();
    callUntilServed("127.0.0.2", "127.0.0.3", "127.0.0.4");

    publish("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5");

    Await.until(WITHIN_TTL, () -> call("127.0.0.5"), calls -> calls > 0);
    assertThat(backends.values()).allMatch(each -> each.connectionsLost.get() == 0);
  }

  @Test
  void refresh_addressRemovedWhileAllIsWell_losesTrafficWithinTheTtl() throws Exception {
    startBackends("127.0.0.2", "127.0.0.3", "127.0.0.4");
    startDns();
    publish("127.0.0.2", "127.0.0.3", "127.0.0.4");
    connect();
    callUntilServed("127.0.0.2", "127.0.0.3", "127.0.0.4");

    publish("127.0.0.2", "127.0.0.3");

    Await.until(WITHIN_TTL, () -> callsOfRound("127.0.0.4", 12), calls -> calls == 0);
    assertThat(backends.get("127.0.0.2").connectionsLost.get()).isZero();
    assertThat(backends.get("127.0.0.3").connectionsLost.get()).isZero();
  }

  @Test
  void refresh_nameGoneAfterAGoodAnswer_changesNothingUntilItIsBack() throws Exception {
    startBackends("127.0.0.2", "127.0.0.3", "127.0.0.4");
    startDns();
    publish("127.0.0.2", "127.0.0.3");
    connect();
    callUntilServed("127.0.0.2", "127.0.0.3");

    dns.setHosts(List.of());
    Await.always(TTL.multipliedBy(2), () -> callsOfRound("127.0.0.2", 4), calls -> calls == 2);
    SourceSnapshot gone = source();
    publish("127.0.0.2", "127.0.0.3", "127.0.0.4");

    Await.until(BOUND, () -> call("127.0.0.4"), calls -> calls > 0);
    assertThat(gone.problem()).contains("orders.test does not exist in DNS");
    assertThat(gone.age().orElseThrow()).isPositive();
    assertThat(source().stale()).isFalse();
    assertThat(backends.values()).allMatch(each -> each.connectionsLost.get() == 0);
  }

  @Test
  void refresh_nameServerFallsSilent_costsNoCallAndIsFollowedAfterwards() throws Exception {
    startBackends("127.0.0.2", "127.0.0.3", "127.0.0.4");
    startDns();
    publish("127.0.0.2", "127.0.0.3");
    connect();
    callUntilServed("127.0.0.2", "127.0.0.3");

    dns.process().pause();
    SourceSnapshot silent =
        Await.until(
            BOUND,
            () -> {
              assertThat(callsOfRound("127.0.0.2", 4)).isEqualTo(2);
              return source();
            },
            SourceSnapshot::stale);
    dns.process().resume();
    publish("127.0.0.2", "127.0.0.3", "127.0.0.4");

    Await.until(BOUND, () -> call("127.0.0.4"), calls -> calls > 0);
    assertThat(silent.problem()).contains(dns.address() + ": no answer");
    assertThat(backends.values()).allMatch(each -> each.connectionsLost.get() == 0);
  }

  @Test
  void refresh_nameServerSilentAtTheStart_worksOnceItAnswers() throws Exception {
    startBackends("127.0.0.2");
    startDns();
    publish("127.0.0.2");
    dns.process().pause();
    connect();
    ListenableFuture<HealthCheckResponse> call =
        HealthGrpc.newFutureStub(channel)
            .withWaitForReady()
            .check(HealthCheckRequest.getDefaultInstance());
    Await.always(Duration.ofSeconds(1), call::isDone, done -> !done);

    dns.process().resume();

    assertThat(call.get(20, TimeUnit.SECONDS).getStatus()).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void refresh_moreAddressesThanADatagramHolds_areAllFound() throws Exception {
    startBackends("127.0.0.2");
    startDns();
    List<String> lines = new ArrayList<>();
    IntStream.rangeClosed(1, 200).forEach(i -> lines.add("127.0.1." + i + " orders.test"));
    dns.setHosts(lines);

    try (WatchedTarget watched =
        new WatchedTarget(new DnsRefreshProvider(), URI.create(refreshTarget()))) {
      assertThat(watched.next(BOUND).endpoints()).hasSize(200);
    }
  }

  @Test
  void srv_weightsAndPorts_areUsed() throws Exception {
    backends.put("heavy", new Backend("127.0.0.2", 0));
    backends.put("light", new Backend("127.0.0.3", 0));
    backends.put("reserve", new Backend("127.0.0.4", 0));
    startDns(
        srv("a.orders.test", "heavy", 0, 3),
        srv("b.orders.test", "light", 0, 1),
        srv("c.orders.test", "reserve", 1, 1));
    dns.setHosts(
        List.of("127.0.0.2 a.orders.test", "127.0.0.3 b.orders.test", "127.0.0.4 c.orders.test"));
    open("dns+srv://" + dns.address() + "/_grpc._tcp.orders.test", "weighted_round_robin");
    callUntilServed("heavy", "light");
    // Until both are connected the reserve may have served.
    int before = backends.get("reserve").calls.get();

    assertThat(callsOfRound("heavy", 40)).isBetween(28, 32);
    assertThat(backends.get("reserve").calls.get()).isEqualTo(before);
  }

  private String srv(String target, String backend, int priority, int weight) {
    int port = backends.get(backend).port();
    return "--srv-host=_grpc._tcp.orders.test,%s,%d,%d,%d"
        .formatted(target, port, priority, weight);
  }

  /** How the list in use stands. */
  private SourceSnapshot source() {
    return Evenkeel.balancers().stream()
        .filter(each -> each.target().equals(refreshTarget()))
        .findFirst()
        .orElseThrow()
        .snapshot()
        .discovery()
        .source()
        .orElseThrow();
  }

  /** All on one port, as an address record says none. */
  private void startBackends(String... hosts) throws Exception {
    int port = 0;
    for (String host : hosts) {
      Backend backend = new Backend(host, port);
      port = backend.port();
      backends.put(host, backend);
    }
  }

  private void startDns(String... options) throws Exception {
    dns = DnsmasqServer.start(directory, "test", TTL, List.of(options));
  }

  private void publish(String... hosts) throws Exception {
    dns.setHosts(List.of(hosts).stream().map(host -> host + " orders.test").toList());
  }

  private String refreshTarget() {
    int port = backends.values().iterator().next().port();
    return "dns+refresh://" + dns.address() + "/orders.test:" + port;
  }

  private void connect() {
    open(refreshTarget(), "round_robin");
  }

  private void open(String target, String policy) {
    String config =
        "{\"loadBalancingConfig\":[{\"evenkeel\":{\"policy\":{\"%s\":{}}}}]}".formatted(policy);
    @SuppressWarnings("unchecked")
    Map<String, ?> parsed = new Gson().fromJson(config, Map.class);
    channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
            .defaultServiceConfig(parsed)
            .intercept(CallTracking.interceptor())
            .build();
  }

  private void callUntilServed(String... names) throws Exception {
    for (String name : names) {
      Await.until(BOUND, () -> call(name), calls -> calls > 0);
    }
  }

  /** Makes one call, which must succeed; the calls that {@code backend} has had. */
  private int call(String backend) {
    HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance());
    return backends.get(backend).calls.get();
  }

  /** How many of so many calls {@code backend} gets. */
  private int callsOfRound(String backend, int count) {
    int before = backends.get(backend).calls.get();
    int now = before;
    for (int i = 0; i < count; i++) {
      now = call(backend);
    }
    return now - before;
  }
}
