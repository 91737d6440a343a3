package io.evenkeel;

import static io.evenkeel.fixture.Channels.serviceConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The channel over real sockets. */
final class EvenkeelChannelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<EchoServer> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @AfterEach
  void stopAll() {
    channels.forEach(Channels::close);
    servers.forEach(EchoServer::close);
  }

  @Test
  void call_defaults_takesBothInTurn() throws Exception {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server(), server())));
    channel.awaitReady(2, PATIENCE);

    List<String> served = Echo.calls(10, channel);

    assertAlternating(served);
  }

  @Test
  void call_plainGrpcChannel_worksTheSame() {
    StateKeeper keeper = new StateKeeper();
    ManagedChannel channel =
        Grpc.newChannelBuilder(fixed(server(), server()), InsecureChannelCredentials.create())
            .defaultServiceConfig(serviceConfig(Map.of(), Map.of()))
            .setNameResolverArg(BalancerListener.KEY, keeper)
            .build();
    channels.add(channel);
    channel.getState(true);
    keeper.await("both are ready", state -> state.ready() == 2);

    List<String> served = Echo.calls(10, channel);

    assertAlternating(served);
  }

  @Test
  void balancer_ofALiveChannel_explainsItsPicks() throws Exception {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server(), server())).explainPicks(3));
    channel.awaitReady(2, PATIENCE);
    Echo.calls(5, channel);

    BalancerSnapshot snapshot = channel.balancer().orElseThrow().snapshot();

    assertThat(snapshot.picks()).hasSize(3);
    assertThat(snapshot.endpoints()).extracting(EndpointSnapshot::picks).containsOnly(2L, 3L);
  }

  @Test
  void balancer_channelIsIdleOrShutDown_isGone() throws Exception {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server())));
    channel.awaitReady(1, PATIENCE);
    BalancerView balancer = channel.balancer().orElseThrow();
    assertThat(Evenkeel.balancers()).contains(balancer);

    channel.enterIdle();

    Eventually.await("the balancer is gone", () -> channel.balancer().isEmpty());
    assertThat(Evenkeel.balancers()).doesNotContain(balancer);
    Echo.calls(1, channel);
    BalancerView next = channel.balancer().orElseThrow();
    assertThat(next).isNotSameAs(balancer);
    channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    assertThat(Evenkeel.balancers()).doesNotContain(next);
  }

  @Test
  void balancer_pickFirst_isNone() {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server())).policy("pick_first"));
    Echo.calls(1, channel);

    assertThat(channel.balancer()).isEmpty();
  }

  @Test
  void call_pickFirst_staysWithOne() {
    EvenkeelChannel channel =
        open(Evenkeel.channel(fixed(server(), server())).policy("pick_first"));

    assertThat(Echo.calls(10, channel)).containsOnly(servers.get(0).name());
  }

  @Test
  void call_firstOfAll_neverFails() {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server(), server())));

    assertThat(Echo.call(channel)).startsWith("server-");
  }

  @Test
  void call_oneServerDiesWithRetries_failsNoCall() throws Exception {
    EvenkeelChannel channel =
        open(Evenkeel.channel(fixed(server(), server())).retries(RetryPolicy.onUnavailable(3)));
    channel.awaitReady(2, PATIENCE);

    servers.get(0).close();

    assertThat(Echo.calls(20, channel)).hasSize(20);
  }

  @Test
  void call_allDead_failsNamingTargetAndAddresses() throws Exception {
    EchoServer one = server();
    EchoServer two = server();
    String target = fixed(one, two);
    EvenkeelChannel channel = open(Evenkeel.channel(target));
    channel.awaitReady(2, PATIENCE);
    one.close();
    two.close();

    Eventually.await("both are known to be dead", () -> failure(channel).contains("2 failed"));

    assertThat(failure(channel))
        .startsWith("UNAVAILABLE: target \"" + target + "\": no endpoint takes calls: 2 endpoints")
        .contains("127.0.0.1:" + one.port() + ": ")
        .contains("127.0.0.1:" + two.port() + ": ")
        .contains("refused");
  }

  @Test
  void call_serverReturns_worksAgain() throws Exception {
    EchoServer server = server();
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server)));
    channel.awaitReady(1, PATIENCE);
    int port = server.port();
    server.close();
    Eventually.await("it is known to be dead", () -> failure(channel).contains("1 failed"));

    servers.add(EchoServer.nettyOn(port));

    channel.awaitReady(1, PATIENCE);
    assertThat(Echo.call(channel)).isEqualTo(servers.get(1).name());
  }

  @Test
  void call_noDeadlineStated_getsTheDefault() {
    EchoServer hanging = server();
    hanging.hang();
    EvenkeelChannel channel =
        open(Evenkeel.channel(fixed(hanging)).defaultDeadline(Duration.ofMillis(200)));

    assertThatThrownBy(
            () -> ClientCalls.blockingUnaryCall(channel, Echo.SAY, CallOptions.DEFAULT, "hello"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
  }

  @Test
  void call_deadlineStated_keepsIt() {
    EchoServer server = server();
    EvenkeelChannel channel =
        open(Evenkeel.channel(fixed(server)).defaultDeadline(Duration.ofNanos(1)));

    CallOptions patient = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);

    assertThat(Echo.call(channel, patient)).isEqualTo(server.name());
  }

  @Test
  void call_firstAttemptUnavailable_isRetried() {
    EchoServer server = server();
    AtomicInteger attempts = failFirst(server);
    EvenkeelChannel channel =
        open(Evenkeel.channel(fixed(server)).retries(RetryPolicy.onUnavailable(2)));

    assertThat(Echo.call(channel)).isEqualTo(server.name());
    assertThat(attempts).hasValue(2);
  }

  @Test
  void call_noRetries_isNotRetried() {
    EchoServer server = server();
    AtomicInteger attempts = failFirst(server);
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server)));

    assertThat(failure(channel)).isEqualTo("UNAVAILABLE: try again");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void awaitReady_notEnoughEndpoints_saysWhatIsKnown() throws Exception {
    EchoServer server = server();
    int dead = deadPort();
    String target = fixed(server) + ",127.0.0.1:" + dead;
    EvenkeelChannel channel = open(Evenkeel.channel(target));

    assertThatThrownBy(() -> channel.awaitReady(2, Duration.ofMillis(500)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith(
            "target \""
                + target
                + "\": not 2 endpoints ready within PT0.5S; 2 endpoints (1 ready, 1 failed): "
                + "127.0.0.1:"
                + dead
                + ": ")
        .hasMessageContaining("refused");
  }

  @Test
  void awaitReady_discoveryFails_saysWhy() {
    TestDiscovery discovery =
        TestDiscovery.inet().fail(Status.UNAVAILABLE.withDescription("registry is down"));
    EvenkeelChannel channel = open(Evenkeel.channel(discovery.target()));

    assertThatThrownBy(() -> channel.awaitReady(1, Duration.ofMillis(100)))
        .hasMessageEndingWith("0 endpoints: discovery: registry is down");
  }

  @Test
  void awaitReady_afterIdle_waitsForNewConnections() throws Exception {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server())));
    channel.awaitReady(1, PATIENCE);
    Channels.enterIdle(channel);

    channel.awaitReady(1, PATIENCE);

    assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
  }

  @Test
  void serviceConfig_fromTheResolver_wins() {
    TestDiscovery discovery = TestDiscovery.inet(server(), server());
    discovery.serviceConfig(Map.of("loadBalancingConfig", List.of(Map.of("pick_first", Map.of()))));
    EvenkeelChannel channel = open(Evenkeel.channel(discovery.target()).policy("round_robin"));

    assertThat(Echo.calls(10, channel)).containsOnly(servers.get(0).name());
  }

  @Test
  void serviceConfig_switchedUnderLoad_failsNoCall() {
    TestDiscovery discovery = TestDiscovery.inet(server(), server());
    EvenkeelChannel channel = open(Evenkeel.channel(discovery.target()));
    Echo.call(channel);

    for (String policy : List.of("random", "least_request", "weighted_round_robin", "first")) {
      discovery.serviceConfig(serviceConfig(Map.of("policy", Map.of(policy, Map.of())), Map.of()));
      assertThat(Echo.calls(10, channel)).hasSize(10);
    }
  }

  @Test
  void serviceConfig_badOneAfterAGoodOne_failsNoCall() {
    TestDiscovery discovery = TestDiscovery.inet(server(), server());
    discovery.serviceConfig(serviceConfig(Map.of("policy", Map.of("first", Map.of())), Map.of()));
    EvenkeelChannel channel = open(Evenkeel.channel(discovery.target()));
    Echo.call(channel);

    discovery.serviceConfig(serviceConfig(Map.of("polcy", Map.of()), Map.of()));

    assertThat(Echo.calls(10, channel)).hasSize(10);
  }

  @Test
  void listener_several_hearEndpointsComeAndGo() throws Exception {
    StateKeeper one = new StateKeeper();
    StateKeeper two = new StateKeeper();
    EvenkeelChannel channel =
        open(Evenkeel.channel(fixed(server(), server())).listener(one).listener(two));

    channel.awaitReady(2, PATIENCE);

    assertThat(one.state().ready()).isEqualTo(2);
    assertThat(two.state().ready()).isEqualTo(2);
  }

  @Test
  void customize_always_hasTheLastWord() {
    EchoServer server = server();
    EvenkeelChannel channel =
        open(
            Evenkeel.channel(fixed(server))
                .customize(builder -> builder.overrideAuthority("orders.internal")));

    assertThat(channel.authority()).isEqualTo("orders.internal");
    assertThat(Echo.call(channel)).isEqualTo(server.name());
  }

  @Test
  void tls_byDefault_doesNotTalkPlaintext() {
    EvenkeelChannel channel = Evenkeel.channel(fixed(server())).build();
    channels.add(channel);

    assertThatThrownBy(() -> Echo.call(channel)).hasMessageStartingWith("UNAVAILABLE");
  }

  @Test
  void shutdown_always_terminates() throws Exception {
    EvenkeelChannel channel = open(Evenkeel.channel(fixed(server())));
    Echo.call(channel);

    channel.shutdown();

    assertThat(channel.isShutdown()).isTrue();
    assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(channel.isTerminated()).isTrue();
  }

  private EvenkeelChannel open(ChannelBuilder builder) {
    EvenkeelChannel channel = builder.plaintext().build();
    channels.add(channel);
    return channel;
  }

  private EchoServer server() {
    EchoServer server = EchoServer.netty();
    servers.add(server);
    return server;
  }

  private static String fixed(EchoServer... servers) {
    return List.of(servers).stream()
        .map(server -> "127.0.0.1:" + server.port())
        .collect(Collectors.joining(",", "fixed:///", ""));
  }

  /** A port on which nobody listens. */
  private static int deadPort() {
    EchoServer server = EchoServer.netty();
    int port = server.port();
    server.close();
    return port;
  }

  private static AtomicInteger failFirst(EchoServer server) {
    AtomicInteger attempts = new AtomicInteger();
    server.behave(
        (request, answer) -> {
          if (attempts.getAndIncrement() == 0) {
            answer.onError(Status.UNAVAILABLE.withDescription("try again").asRuntimeException());
          } else {
            server.succeed(answer);
          }
        });
    return attempts;
  }

  /** The message of a call that fails; empty when it does not. */
  private static String failure(ManagedChannel channel) {
    try {
      Echo.call(channel);
      return "";
    } catch (StatusRuntimeException failed) {
      return failed.getMessage();
    }
  }

  private static void assertAlternating(List<String> served) {
    assertThat(served.subList(2, served.size())).isEqualTo(served.subList(0, served.size() - 2));
    assertThat(served.get(0)).isNotEqualTo(served.get(1));
  }
}
