package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.ChannelBuilder;
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
import io.evenkeel.testkit.process.RegistryServer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
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

/**
 * Servers that register come and go under load, and so does the registry. To drill one, extend this
 * in a test class and say how it is started. {@code -Ddrill.outage=30} sets for how many seconds it
 * goes away, {@code -Ddrill.newcomers=20} how many servers come one by one.
 */
@Timeout(240)
abstract class RegistryDrills {
  static final Duration TTL = Duration.ofSeconds(2);

  /** One TTL, and what a registry and a busy machine may take on top; the drill prints how much. */
  static final Duration WITHIN_TTL = TTL.plusSeconds(8);

  static final Duration DEADLINE = Duration.ofSeconds(5);

  /** Far longer than anything should take; only a failing test waits for it. */
  static final Duration BOUND = Duration.ofSeconds(60);

  static final String SERVICE = "order-service";

  private static final GetOrderRequest REQUEST = GetOrderRequest.newBuilder().setId("1").build();

  private final List<EvenkeelServer> servers = new ArrayList<>();
  private final List<EvenkeelChannel> channels = new ArrayList<>();
  private RegistryServer registry;
  private Registrar observer;

  /** The registry, which serves and has no instances at {@link #path}. */
  abstract RegistryServer serving() throws Exception;

  /**
   * Where in the registry the servers of this test register: {@code /test-1}; empty for the top.
   */
  String path() {
    return "";
  }

  /** What a call fails with that finds the registry at {@code address} down: a pattern. */
  abstract String complaint(String address);

  /** How many servers come one by one unless told otherwise. */
  int newcomers() {
    return 20;
  }

  /** How many calls to start before each newcomer, at a thousand a second. */
  int callsBetweenNewcomers() {
    return 0;
  }

  /** For how many seconds the registry goes away unless told otherwise. */
  int outageSeconds() {
    return 4;
  }

  @BeforeEach
  final void startRegistry() throws Exception {
    registry = serving();
    observer = Registrars.open(URI.create(registrations()));
  }

  @AfterEach
  final void stopAll() {
    channels.forEach(EvenkeelChannel::shutdownNow);
    servers.forEach(EvenkeelServer::close);
    observer.close();
  }

  @Test
  void register_newcomersUnderLoad_areCalledAndCostNoAttempt() throws Exception {
    int count = Integer.getInteger("drill.newcomers", newcomers());
    serve("s0");
    List<EvenkeelServer> newcomers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      newcomers.add(start(unregistered("s" + i)));
    }
    List<Duration> waits = new ArrayList<>();
    // Without retries: a newcomer must not cost a single attempt.
    try (OrderLoad load = OrderLoad.start(ready(1, channel("")), 1_000, DEADLINE)) {
      load.awaitCalls(1_000);
      for (EvenkeelServer newcomer : newcomers) {
        load.awaitStarts(callsBetweenNewcomers());
        long start = System.nanoTime();
        observer.register(SERVICE, newcomer.endpoint());
        load.awaitServedBy(newcomer.endpoint().id());
        waits.add(Duration.ofNanos(System.nanoTime() - start));
      }
      assertThat(load.stop().failures()).isEmpty();
    }

    Duration median = waits.stream().sorted().toList().get(count / 2);
    System.out.printf(
        "%s: from registering to the first call: median %s of %s%n", uri(), median, waits);
  }

  @Test
  void registry_isAwayUnderLoad_noCallFailsAndWhatChangedMeanwhileIsSeen() throws Exception {
    int seconds = Integer.getInteger("drill.outage", outageSeconds());
    serve("a");
    serve("b");
    try (Cluster cluster = Cluster.ofOrders(uri(), TTL, "c");
        OrderLoad load = load(3, 200)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      registry.kill();
      cluster.instance("c").signal("KILL");
      EvenkeelServer newcomer = start(registered("d"));
      load.awaitStarts(seconds * 200);
      registry.launch();
      registry.awaitServing();
      long back = System.nanoTime();
      newcomer.awaitReady(BOUND);
      Await.until(BOUND, this::instances, List.of("a", "b", "d")::equals);
      long exact = System.nanoTime();
      serve("e");
      load.mark().awaitServedBy("d").awaitServedBy("e");
      long seen = System.nanoTime();
      load.awaitServedBy("a").awaitServedBy("b").stop();

      System.out.printf(
          "%s: away for %d s, its list exact after %d ms, newcomers called after %d ms%n",
          uri(), seconds, (exact - back) / 1_000_000, (seen - back) / 1_000_000);
      assertThat(load.retriableFailures()).isEmpty();
      assertThat(load.servedBy()).doesNotContainKey("c");
    }
  }

  @Test
  void kill_oneOfThreeUnderLoad_noCallFailsAndItLeavesTheListWithinItsTtl() throws Exception {
    serve("a");
    serve("c");
    try (Cluster cluster = Cluster.ofOrders(uri(), TTL, "b");
        OrderLoad load = load(3, 200)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");
      // A process that has just started takes long between the headers and the end of an answer.
      load.awaitCalls(200);

      cluster.instance("b").signal("KILL");
      long killed = System.nanoTime();
      Await.until(WITHIN_TTL, this::instances, List.of("a", "c")::equals);
      long gone = System.nanoTime();
      load.awaitCalls(200).stop();

      System.out.printf("%s: killed, gone after %d ms%n", uri(), (gone - killed) / 1_000_000);
      assertThat(load.retriableFailures()).isEmpty();
    }
  }

  @Test
  void scale_twoToThirtyToTwoUnderLoad_trafficFollowsAndNoCallFails() throws Exception {
    serve("s0");
    serve("s1");
    List<EvenkeelServer> more = new ArrayList<>();
    try (OrderLoad load = load(2, 500)) {
      load.awaitServedBy("s0").awaitServedBy("s1");

      for (int i = 2; i < 30; i++) {
        more.add(serve("s" + i));
      }
      long grown = System.nanoTime();
      IntStream.range(0, 30).forEach(i -> load.awaitServedBy("s" + i));
      Duration followed = Duration.ofNanos(System.nanoTime() - grown);
      more.forEach(EvenkeelServer::close);
      load.awaitCalls(500).mark().awaitCalls(500).stop();

      System.out.printf("%s: 2 to 30, traffic followed after %s%n", uri(), followed);
      assertThat(load.servedBy().keySet()).containsExactlyInAnyOrder("s0", "s1");
      assertThat(load.failures()).isEmpty();
      assertThat(instances()).containsExactly("s0", "s1");
    }
  }

  @Test
  void serve_registryByUri_isListedWithItsMetadataAndLeavesAtItsEnd() throws Exception {
    EvenkeelServer server =
        start(
            registered("a")
                .with(ServerSetting.WEIGHT, 9)
                .with(ServerSetting.ZONE, "z1")
                .with(ServerSetting.VERSION, "1.2"));
    server.awaitReady(BOUND);
    List<Endpoint> listed = observer.instances(SERVICE);

    server.close();

    assertThat(listed).containsExactly(server.endpoint());
    assertThat(listed.get(0).weight()).isEqualTo(9);
    assertThat(listed.get(0).zone()).isEqualTo("z1");
    assertThat(listed.get(0).metadata()).isEqualTo(Map.of("version", "1.2"));
    assertThat(observer.instances(SERVICE)).isEmpty();
  }

  @Test
  void call_registryDownAtTheStart_failsOrWaitsOrFallsBack() throws Exception {
    int port = serve("a").port();
    registry.kill();

    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> OrderServiceGrpc.newBlockingStub(open(channel(""))).getOrder(REQUEST));
    GetOrderResponse answer =
        OrderServiceGrpc.newBlockingStub(open(channel("?fallback=fixed:///127.0.0.1:" + port)))
            .getOrder(REQUEST);
    ListenableFuture<GetOrderResponse> waiting =
        OrderServiceGrpc.newFutureStub(open(channel("?debounce=10ms")))
            .withWaitForReady()
            .getOrder(REQUEST);
    registry.launch();
    registry.awaitServing();

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription()).containsPattern(complaint(registry.address()));
    assertThat(answer.getServedBy()).isEqualTo("a");
    assertThat(waiting.get(BOUND.toSeconds(), TimeUnit.SECONDS).getServedBy()).isEqualTo("a");
  }

  /** Starts a server that registers itself, and waits until it has. */
  final EvenkeelServer serve(String id) throws Exception {
    EvenkeelServer server = start(registered(id));
    server.awaitReady(BOUND);
    return server;
  }

  private EvenkeelServer start(ServerSettings settings) throws Exception {
    EvenkeelServer server = DemoServices.start("order", settings, Map.of(), step -> {});
    servers.add(server);
    return server;
  }

  /** A server that registers itself as soon as it can. */
  private ServerSettings registered(String id) {
    return unregistered(id)
        .with(ServerSetting.REGISTRY, List.of(URI.create(registrations())))
        .with(ServerSetting.ADVERTISE, "127.0.0.1");
  }

  private static ServerSettings unregistered(String id) {
    return ServerSettings.defaults()
        .with(ServerSetting.ID, id)
        .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
  }

  /** Calls to {@code endpoints} endpoints, so many a second, by a client that retries. */
  final OrderLoad load(int endpoints, int perSecond) throws Exception {
    ChannelBuilder retrying = channel("").retries(RetryPolicy.onUnavailable(4));
    return OrderLoad.start(ready(endpoints, retrying), perSecond, DEADLINE);
  }

  /** A client that is connected to {@code endpoints} endpoints, closed after the test. */
  final EvenkeelChannel ready(int endpoints, ChannelBuilder builder) throws Exception {
    EvenkeelChannel channel = open(builder);
    channel.awaitReady(endpoints, BOUND);
    return channel;
  }

  private EvenkeelChannel open(ChannelBuilder builder) {
    EvenkeelChannel channel = builder.build();
    channels.add(channel);
    return channel;
  }

  private ChannelBuilder channel(String query) {
    return Evenkeel.channel(uri() + "/" + SERVICE + query).plaintext();
  }

  /** Where the servers of this test register, without settings. */
  final String uri() {
    return registry.uri() + path();
  }

  /** Where the servers of this test register. */
  private String registrations() {
    return uri() + "?loopback=allow&ttl=" + TTL.toSeconds() + "s";
  }

  /** The ids in the registry, sorted; none while it is away. */
  final List<String> instances() {
    try {
      return observer.instances(SERVICE).stream().map(Endpoint::id).toList();
    } catch (RegistrationException away) {
      return List.of();
    }
  }
}
