package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.BalancerListener;
import io.evenkeel.Endpoint;
import io.evenkeel.fixture.CapturingPolicy;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.ScriptedHealth;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.CallOptions;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessSocketAddress;
import io.grpc.stub.ClientCalls;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Endpoints of several addresses over real channels. The build runs this class twice: with both of
 * grpc-java's implementations of {@code pick_first}, which is chosen when a JVM starts.
 */
final class SeveralAddressesTest {
  private static final SocketAddress DEAD = new InProcessSocketAddress("nobody listens here");

  private final EchoServer one = EchoServer.inProcess();
  private final EchoServer two = EchoServer.inProcess();
  private final TestDiscovery discovery = TestDiscovery.inProcess();
  private final StateKeeper keeper = new StateKeeper();
  private final List<EchoServer> further = new ArrayList<>();
  private ManagedChannel channel;

  @AfterEach
  void stopAll() {
    Channels.close(channel);
    one.close();
    two.close();
    further.forEach(EchoServer::close);
  }

  @Test
  void call_firstAddressDead_takesTheSecond() {
    connect(Map.of(), endpoint(DEAD, address(one)));

    assertThat(Echo.calls(5, channel)).containsOnly(one.name());
  }

  @Test
  void call_twoEndpoints_takesThemInTurn() {
    connect(Map.of(), endpoint(DEAD, address(one)), endpoint(address(two), DEAD));
    keeper.await("both are ready", state -> state.ready() == 2);

    List<String> served = Echo.calls(6, channel);

    assertThat(served.subList(0, 2)).containsExactlyInAnyOrder(one.name(), two.name());
    assertThat(served.subList(2, 6)).isEqualTo(served.subList(0, 4));
  }

  @Test
  void call_besideAnEndpointOfOneAddress_takesThemInTurn() {
    connect(Map.of(), endpoint(DEAD, address(one)), endpoint(address(two)));
    keeper.await("both are ready", state -> state.ready() == 2);

    assertThat(Echo.calls(2, channel)).containsExactlyInAnyOrder(one.name(), two.name());
  }

  @Test
  void call_allAddressesDead_failsNamingThem() {
    connect(Map.of(), endpoint(DEAD, new InProcessSocketAddress("nor here")));

    assertThatThrownBy(() -> Echo.call(channel))
        .hasMessageContaining("1 endpoint (1 failed): ")
        .hasMessageContaining("nobody listens here")
        .hasMessageContaining("nor here");
  }

  @Test
  void accept_otherWeight_keepsTheConnection() {
    EquivalentAddressGroup endpoint = endpoint(DEAD, address(one));
    connect(Map.of(), endpoint, endpoint(address(two)));
    keeper.await("both are ready", state -> state.ready() == 2);

    discovery.groups(
        List.of(Endpoint.of(endpoint).withWeight(0).toAddressGroup(), endpoint(address(two))));

    Eventually.await("weight 0 takes no calls", () -> !Echo.calls(2, channel).contains(one.name()));
    assertThat(keeper.state().ready()).isEqualTo(2);
  }

  @Test
  void lost_always_isConnectedAgainThroughTheOtherAddress() {
    EchoServer dying = EchoServer.inProcess();
    further.add(dying);
    connect(Map.of(), endpoint(address(dying), address(one)));
    assertThat(Echo.call(channel)).isEqualTo(dying.name());

    dying.close();

    Eventually.await("the other address serves", () -> one.name().equals(callOrNone()));
  }

  @Test
  void removed_always_getsNoMoreCalls() {
    connect(Map.of(), endpoint(DEAD, address(one)), endpoint(address(two)));
    keeper.await("both are ready", state -> state.ready() == 2);

    discovery.groups(List.of(endpoint(address(two))));

    keeper.await("one is left", state -> state.total() == 1);
    assertThat(Echo.calls(4, channel)).containsOnly(two.name());
  }

  @Test
  void health_notServing_getsNoCalls() {
    ScriptedHealth health = ScriptedHealth.of(ServingStatus.NOT_SERVING);
    EchoServer sick = EchoServer.inProcess(health);
    further.add(sick);
    connect(
        Map.of("healthCheckConfig", Map.of("serviceName", "")),
        endpoint(DEAD, address(sick)),
        endpoint(address(two)));
    keeper.await("one is unhealthy", state -> state.ready() == 1 && state.unhealthy() == 1);

    assertThat(Echo.calls(4, channel)).containsOnly(two.name());

    health.set("", ServingStatus.SERVING);
    keeper.await("both are ready", state -> state.ready() == 2);
    assertThat(Echo.calls(4, channel)).contains(sick.name());
    assertThat(health.watches()).isEqualTo(1);
  }

  @Test
  void inFlight_always_isCounted() {
    try (CapturingPolicy policy = new CapturingPolicy()) {
      one.hang();
      discovery.groups(List.of(endpoint(DEAD, address(one))));
      channel = Channels.inProcess(discovery, policy.config()).build();
      var unused =
          ClientCalls.futureUnaryCall(channel.newCall(Echo.SAY, CallOptions.DEFAULT), "hello");
      Eventually.await("the call is counted", () -> policy.inFlight() == 1);

      one.close();

      Eventually.await("nothing is in flight", () -> policy.inFlight() == 0);
    }
  }

  private void connect(Map<String, ?> furtherConfig, EquivalentAddressGroup... endpoints) {
    discovery.groups(List.of(endpoints));
    channel =
        Channels.inProcess(discovery, Map.of())
            .defaultServiceConfig(Channels.serviceConfig(Map.of(), furtherConfig))
            .setNameResolverArg(BalancerListener.KEY, keeper)
            .build();
    channel.getState(true);
  }

  private String callOrNone() {
    try {
      return Echo.call(channel);
    } catch (StatusRuntimeException failed) {
      return "";
    }
  }

  private static SocketAddress address(EchoServer server) {
    return server.group().getAddresses().get(0);
  }

  private static EquivalentAddressGroup endpoint(SocketAddress... addresses) {
    return Endpoint.of(List.of(addresses)).toAddressGroup();
  }
}
