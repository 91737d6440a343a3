package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.Endpoint;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.RetryPolicy;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.process.ZooKeeperServer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that register in ZooKeeper come and go under load, and so does ZooKeeper. {@code
 * -Dzookeeper.outage=30} sets for how many seconds, {@code -Dzookeeper.newcomers=20} how many
 * servers come one by one.
 */
@Timeout(240)
class ZooKeeperDrillsTest {
  private static final int NEWCOMERS = Integer.getInteger("zookeeper.newcomers", 5);
  private static final int OUTAGE_SECONDS = Integer.getInteger("zookeeper.outage", 4);
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String SERVICE = "order-service";
  private static final GetOrderRequest REQUEST = GetOrderRequest.newBuilder().setId("1").build();

  private static final AtomicInteger tests = new AtomicInteger();

  private static ZooKeeperServer zookeeper;

  /** Below which the servers of one test register. */
  private final String path = "/test-" + tests.incrementAndGet();

  private final List<EvenkeelServer> servers = new ArrayList<>();
  private final List<EvenkeelChannel> channels = new ArrayList<>();
  private Registrar observer;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
  }

  @AfterAll
  static void stopServer() {
    zookeeper.close();
  }

  @BeforeEach
  void start() {
    observer = Registrars.open(registry());
  }

  @AfterEach
  void stop() {
    channels.forEach(EvenkeelChannel::shutdownNow);
    servers.forEach(EvenkeelServer::close);
    observer.close();
  }

  @Test
  void register_newcomersUnderLoad_getTheirFirstCallWithinATenthOfASecond() throws Exception {
    serve("s0");
    List<EvenkeelServer> newcomers = new ArrayList<>();
    for (int i = 1; i <= NEWCOMERS; i++) {
      newcomers.add(server(unregistered("s" + i)));
    }
    List<Duration> waits = new ArrayList<>();
    try (OrderLoad load = OrderLoad.start(ready(1), 1_000, DEADLINE)) {
      load.awaitCalls(1_000);
      for (EvenkeelServer newcomer : newcomers) {
        long start = System.nanoTime();
        observer.register(SERVICE, newcomer.endpoint());
        load.awaitServedBy(newcomer.endpoint().id());
        waits.add(Duration.ofNanos(System.nanoTime() - start));
      }
      assertThat(load.stop().failures()).isEmpty();
    }

    Duration median = waits.stream().sorted().toList().get(NEWCOMERS / 2);
    System.out.printf("zookeeper, registering to first call: median %s of %s%n", median, waits);
    assertThat(median).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void zookeeper_isAwayUnderLoad_noCallFailsAndNewcomersAreSeenAfterwards() throws Exception {
    serve("a");
    serve("b");
    serve("c");
    try (OrderLoad load = OrderLoad.start(ready(3), 200, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      zookeeper.kill();
      load.awaitStarts(OUTAGE_SECONDS * 200);
      zookeeper.launch();
      zookeeper.awaitServing();
      long start = System.nanoTime();
      Await.until(BOUND, this::registered, List.of("a", "b", "c")::equals);
      long again = System.nanoTime() - start;
      serve("d");
      load.mark().awaitServedBy("d");
      long seen = System.nanoTime() - start;
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c").stop();

      System.out.printf(
          "zookeeper away for %d s: all registered after %d ms, newcomer called after %d ms%n",
          OUTAGE_SECONDS, again / 1_000_000, seen / 1_000_000);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void kill_oneOfThreeUnderLoad_noCallFailsAndItLeavesTheListWithinItsTtl() throws Exception {
    serve("a");
    serve("c");
    String uri = "zookeeper://" + zookeeper.address() + path;
    try (Cluster cluster = Cluster.ofOrders(uri, TTL, "b");
        OrderLoad load = OrderLoad.start(ready(3), 200, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      cluster.instance("b").signal("KILL");
      long start = System.nanoTime();
      Await.until(TTL.plusSeconds(2), this::registered, List.of("a", "c")::equals);
      long gone = System.nanoTime() - start;
      load.awaitCalls(200).stop();

      System.out.printf("zookeeper, killed: gone after %d ms%n", gone / 1_000_000);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void scale_twoToThirtyToTwoUnderLoad_trafficFollowsAndNoCallFails() throws Exception {
    serve("s0");
    serve("s1");
    List<EvenkeelServer> more = new ArrayList<>();
    try (OrderLoad load = OrderLoad.start(ready(2), 500, DEADLINE)) {
      load.awaitServedBy("s0").awaitServedBy("s1");

      for (int i = 2; i < 30; i++) {
        more.add(serve("s" + i));
      }
      long grown = System.nanoTime();
      IntStream.range(0, 30).forEach(i -> load.awaitServedBy("s" + i));
      Duration followed = Duration.ofNanos(System.nanoTime() - grown);
      more.forEach(EvenkeelServer::close);
      load.awaitCalls(500).mark().awaitCalls(500).stop();

      System.out.printf("zookeeper, 2 to 30: traffic followed after %s%n", followed);
      assertThat(followed).isLessThan(Duration.ofSeconds(2));
      assertThat(load.servedBy().keySet()).containsExactlyInAnyOrder("s0", "s1");
      assertThat(load.failures()).isEmpty();
      assertThat(registered()).containsExactly("s0", "s1");
    }
  }

  @Test
  void call_zookeeperDownAtTheStart_failsOrWaitsOrFallsBack() throws Exception {
    serve("a");
    zookeeper.kill();

    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> OrderServiceGrpc.newBlockingStub(channel("")).getOrder(REQUEST));
    String fallback = "?fallback=fixed:///127.0.0.1:" + servers.get(0).port();
    GetOrderResponse answer = OrderServiceGrpc.newBlockingStub(channel(fallback)).getOrder(REQUEST);
    ListenableFuture<GetOrderResponse> waiting =
        OrderServiceGrpc.newFutureStub(channel("?debounce=10ms"))
            .withWaitForReady()
            .getOrder(REQUEST);
    zookeeper.launch();
    zookeeper.awaitServing();

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription())
        .contains("ZooKeeper at " + zookeeper.address(), "no connection to any member");
    assertThat(answer.getServedBy()).isEqualTo("a");
    assertThat(waiting.get(BOUND.toSeconds(), TimeUnit.SECONDS).getServedBy()).isEqualTo("a");
  }

  /** Starts a server that registers itself, and waits until it has. */
  private EvenkeelServer serve(String id) throws Exception {
    EvenkeelServer server =
        server(
            unregistered(id)
                .with(ServerSetting.REGISTRY, List.of(registry()))
                .with(ServerSetting.ADVERTISE, "127.0.0.1"));
    server.awaitReady(BOUND);
    return server;
  }

  private EvenkeelServer server(ServerSettings settings) throws Exception {
    EvenkeelServer server = DemoServices.start("order", settings, Map.of(), step -> {});
    servers.add(server);
    return server;
  }

  private static ServerSettings unregistered(String id) {
    return ServerSettings.defaults()
        .with(ServerSetting.ID, id)
        .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
  }

  private EvenkeelChannel ready(int endpoints) throws Exception {
    EvenkeelChannel channel = channel("");
    channel.awaitReady(endpoints, BOUND);
    return channel;
  }

  private EvenkeelChannel channel(String query) {
    EvenkeelChannel channel =
        Evenkeel.channel("zookeeper://" + zookeeper.address() + path + "/" + SERVICE + query)
            .plaintext()
            .retries(RetryPolicy.onUnavailable(4))
            .build();
    channels.add(channel);
    return channel;
  }

  private URI registry() {
    return URI.create(
        "zookeeper://"
            + zookeeper.address()
            + path
            + "?loopback=allow&ttl="
            + TTL.toSeconds()
            + "s");
  }

  /** The ids in ZooKeeper, sorted; none while it is away. */
  private List<String> registered() {
    try {
      return observer.instances(SERVICE).stream().map(Endpoint::id).toList();
    } catch (RegistrationException away) {
      return List.of();
    }
  }
}
