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
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that register in Consul come and go under load, and so does Consul, which then has lost
 * all it knew. {@code -Dconsul.outage=30} sets for how many seconds, {@code -Dconsul.newcomers=20}
 * how many servers come one by one.
 */
@RequiresServer("consul")
@Timeout(240)
class ConsulDrillsTest {
  private static final int NEWCOMERS = Integer.getInteger("consul.newcomers", 3);
  private static final int OUTAGE_SECONDS = Integer.getInteger("consul.outage", 4);
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String SERVICE = "order-service";
  private static final GetOrderRequest REQUEST = GetOrderRequest.newBuilder().setId("1").build();

  @TempDir private Path directory;
  private final List<EvenkeelServer> servers = new ArrayList<>();
  private final List<EvenkeelChannel> channels = new ArrayList<>();
  private ConsulServer consul;
  private Registrar observer;

  @BeforeEach
  void start() throws Exception {
    consul = ConsulServer.start(directory);
    observer = Registrars.open(registry());
  }

  @AfterEach
  void stop() {
    channels.forEach(EvenkeelChannel::shutdownNow);
    servers.forEach(EvenkeelServer::close);
    observer.close();
    consul.close();
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
      for (EvenkeelServer newcomer : newcomers) {
        // Nobody asks Consul more than once a second for long.
        load.awaitStarts(1_100);
        long start = System.nanoTime();
        observer.register(SERVICE, newcomer.endpoint());
        load.awaitServedBy(newcomer.endpoint().id());
        waits.add(Duration.ofNanos(System.nanoTime() - start));
      }
      assertThat(load.stop().failures()).isEmpty();
    }

    Duration median = waits.stream().sorted().toList().get(NEWCOMERS / 2);
    System.out.printf("consul, registering to first call: median %s of %s%n", median, waits);
    assertThat(median).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void consul_isAwayUnderLoadAndLosesAll_noCallFailsAndAllRegisterAgain() throws Exception {
    serve("a");
    serve("b");
    serve("c");
    try (OrderLoad load = OrderLoad.start(ready(3), 200, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      consul.kill();
      load.awaitStarts(OUTAGE_SECONDS * 200);
      consul.launch();
      consul.awaitServing();
      long start = System.nanoTime();
      Await.until(BOUND, this::registered, List.of("a", "b", "c")::equals);
      long again = System.nanoTime() - start;
      serve("d");
      load.mark().awaitServedBy("d");
      long seen = System.nanoTime() - start;
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c").stop();

      System.out.printf(
          "consul away for %d s: all registered after %d ms, newcomer called after %d ms%n",
          OUTAGE_SECONDS, again / 1_000_000, seen / 1_000_000);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void kill_oneOfThreeUnderLoad_noCallFailsAndItLeavesTheListWithinItsTtl() throws Exception {
    serve("a");
    serve("c");
    String uri = "consul://" + consul.address();
    try (Cluster cluster = Cluster.ofOrders(uri, TTL, "b");
        OrderLoad load = OrderLoad.start(ready(3), 200, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      cluster.instance("b").signal("KILL");
      long start = System.nanoTime();
      Await.until(TTL.plusSeconds(1), this::registered, List.of("a", "c")::equals);
      long gone = System.nanoTime() - start;
      load.awaitCalls(200).stop();

      System.out.printf("consul, killed: gone after %d ms%n", gone / 1_000_000);
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

      System.out.printf("consul, 2 to 30: traffic followed after %s%n", followed);
      assertThat(followed).isLessThan(Duration.ofSeconds(2));
      assertThat(load.servedBy().keySet()).containsExactlyInAnyOrder("s0", "s1");
      assertThat(load.failures()).isEmpty();
      assertThat(registered()).containsExactly("s0", "s1");
    }
  }

  @Test
  void call_consulDownAtTheStart_failsOrWaitsOrFallsBack() throws Exception {
    serve("a");
    consul.kill();

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
    consul.launch();

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription())
        .contains("consul at " + consul.address(), "Connection refused");
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
        Evenkeel.channel("consul://" + consul.address() + "/" + SERVICE + query)
            .plaintext()
            .retries(RetryPolicy.onUnavailable(4))
            .build();
    channels.add(channel);
    return channel;
  }

  private URI registry() {
    return URI.create(
        "consul://" + consul.address() + "?loopback=allow&ttl=" + TTL.toSeconds() + "s");
  }

  /** The ids in Consul, sorted; none while it is away. */
  private List<String> registered() {
    try {
      return observer.instances(SERVICE).stream().map(Endpoint::id).toList();
    } catch (RegistrationException away) {
      return List.of();
    }
  }
}
