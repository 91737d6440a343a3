package io.evenkeel.health;

import static io.evenkeel.fixture.Channels.serviceConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.BalancerListener;
import io.evenkeel.balancer.PolicyCatalog;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.ScriptedHealth;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What health services say, and who then gets calls, over real channels. */
final class HealthCheckingTest {
  private static final Map<String, Object> NO_PANIC = Map.of("panicThreshold", 0);

  private final List<EchoServer> servers = new ArrayList<>();
  private final TestDiscovery discovery = TestDiscovery.inProcess();
  private final StateKeeper keeper = new StateKeeper();
  private ManagedChannel channel;

  static List<String> policies() {
    return List.of("least_request", "random", "round_robin", "weighted_round_robin");
  }

  @AfterEach
  void stopAll() {
    if (channel != null) {
      Channels.close(channel);
    }
    servers.forEach(EchoServer::close);
  }

  @Test
  void policies_ofThisTest_areAllThereAre() {
    assertThat(PolicyCatalog.names()).containsAll(policies());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void notServing_anyPolicy_getsNoCallsUntilItServesAgain(String policy) {
    ScriptedHealth sick = ScriptedHealth.of(ServingStatus.NOT_SERVING);
    EchoServer sickServer = server(sick);
    EchoServer healthy = server(ScriptedHealth.of(ServingStatus.SERVING));
    connect(Map.of("policy", Map.of(policy, Map.of())), "");
    keeper.await("one is ready, one is unhealthy", s -> s.ready() == 1 && s.unhealthy() == 1);

    assertThat(Echo.calls(20, channel)).containsOnly(healthy.name());

    sick.set("", ServingStatus.SERVING);
    keeper.await("both are ready", state -> state.ready() == 2);
    assertThat(Echo.calls(40, channel)).contains(sickServer.name(), healthy.name());
  }

  @Test
  void notServing_whileCallsCome_getsNoneAnyMore() {
    ScriptedHealth changing = ScriptedHealth.of(ServingStatus.SERVING);
    server(changing);
    EchoServer healthy = server(ScriptedHealth.of(ServingStatus.SERVING));
    connect(Map.of(), "");
    keeper.await("both are ready", state -> state.ready() == 2);

    changing.set("", ServingStatus.NOT_SERVING);
    keeper.await("one is unhealthy", state -> state.unhealthy() == 1);

    assertThat(Echo.calls(10, channel)).containsOnly(healthy.name());
  }

  @Test
  void notServing_allWithoutPanic_failsCallsWithTheReason() {
    server(ScriptedHealth.of(ServingStatus.NOT_SERVING));
    connect(NO_PANIC, "");

    assertThatThrownBy(() -> Echo.call(channel))
        .hasMessageStartingWith("UNAVAILABLE: target \"" + discovery.target() + "\": ")
        .hasMessageContaining("1 endpoint (1 unhealthy)")
        .hasMessageContaining("health service \"\" answers NOT_SERVING");
  }

  @Test
  void notServing_all_areUsedAllTheSame() {
    EchoServer left = server(ScriptedHealth.of(ServingStatus.NOT_SERVING));
    EchoServer right = server(ScriptedHealth.of(ServingStatus.NOT_SERVING));
    connect(Map.of(), "");

    assertThat(Echo.calls(20, channel)).contains(left.name(), right.name());
  }

  @Test
  void unimplemented_always_isServing() {
    EchoServer without = server();
    connect(Map.of(), "");

    assertThat(Echo.call(channel)).isEqualTo(without.name());
  }

  @Test
  void noAnswer_one_theOthersServeMeanwhile() {
    ScriptedHealth silent = new ScriptedHealth();
    server(silent);
    EchoServer healthy = server(ScriptedHealth.of(ServingStatus.SERVING));
    connect(Map.of("health", Map.of("timeout", "0.2s")), "");

    assertThat(Echo.calls(5, channel)).containsOnly(healthy.name());

    keeper.await("the silent one is unhealthy", state -> state.unhealthy() == 1);
    assertThat(keeper.state().problem()).contains("gave no answer within PT0.2S");
    assertThat(Echo.calls(5, channel)).containsOnly(healthy.name());
  }

  @Test
  void noAnswer_onlyOneWithoutPanic_failsCallsAfterTheTimeout() {
    server(new ScriptedHealth());
    connect(Map.of("health", Map.of("timeout", "0.1s"), "panicThreshold", 0), "");

    assertThatThrownBy(() -> Echo.call(channel))
        .hasMessageContaining("gave no answer within PT0.1S");
  }

  @Test
  void watchBroken_all_failsNoCallAndIsOpenedAgain() {
    ScriptedHealth one = ScriptedHealth.of(ServingStatus.SERVING);
    ScriptedHealth two = ScriptedHealth.of(ServingStatus.SERVING);
    server(one);
    server(two);
    connect(Map.of(), "");
    keeper.await("both are ready", state -> state.ready() == 2);

    one.breakOff(Status.UNAVAILABLE);
    two.breakOff(Status.UNAVAILABLE);

    assertThat(Echo.calls(10, channel)).hasSize(10);
    Eventually.await("both are asked again", () -> one.asked() == 2 && two.asked() == 2);
    assertThat(Echo.calls(10, channel)).hasSize(10);
  }

  @Test
  void watchBroken_silentAfterwards_isOut() {
    ScriptedHealth breaking = ScriptedHealth.of(ServingStatus.SERVING);
    server(breaking);
    EchoServer healthy = server(ScriptedHealth.of(ServingStatus.SERVING));
    connect(Map.of("health", Map.of("timeout", "0.1s")), "");
    keeper.await("both are ready", state -> state.ready() == 2);

    breaking.fallSilent();
    breaking.breakOff(Status.UNAVAILABLE);

    keeper.await("one is unhealthy", state -> state.unhealthy() == 1);
    assertThat(Echo.calls(5, channel)).containsOnly(healthy.name());
  }

  @Test
  void serviceName_changedLive_isAskedAnew() {
    ScriptedHealth both = ScriptedHealth.of(ServingStatus.SERVING);
    both.set("orders", ServingStatus.NOT_SERVING);
    server(both);
    EchoServer healthy = server();
    connect(Map.of(), "");
    keeper.await("both are ready", state -> state.ready() == 2);

    discovery.serviceConfig(healthConfig(Map.of(), "orders"));

    keeper.await("one is unhealthy", state -> state.ready() == 1 && state.unhealthy() == 1);
    assertThat(Echo.calls(5, channel)).containsOnly(healthy.name());
    assertThat(keeper.state().problem()).contains("\"orders\" answers NOT_SERVING");
    Eventually.await("only one watch is left", () -> both.watches() == 1);
  }

  @Test
  void healthCheck_switchedOffLive_asksNobodyAndServesAll() {
    ScriptedHealth sick = ScriptedHealth.of(ServingStatus.NOT_SERVING);
    server(sick);
    server(ScriptedHealth.of(ServingStatus.SERVING));
    connect(Map.of(), "");
    keeper.await("one is unhealthy", state -> state.unhealthy() == 1);

    discovery.serviceConfig(serviceConfig(Map.of(), Map.of()));

    keeper.await("both are ready", state -> state.ready() == 2);
    Eventually.await("no watch is left", () -> sick.watches() == 0);
  }

  @Test
  void healthCheck_switchedOnLive_failsNoCall() {
    server(ScriptedHealth.of(ServingStatus.SERVING));
    server(ScriptedHealth.of(ServingStatus.SERVING));
    channel = Channels.inProcess(discovery.endpoints(all()), Map.of()).build();
    Echo.call(channel);

    discovery.serviceConfig(healthConfig(Map.of(), ""));

    assertThat(Echo.calls(20, channel)).hasSize(20);
  }

  @Test
  void shutdown_always_leavesNoWatch() {
    ScriptedHealth health = ScriptedHealth.of(ServingStatus.SERVING);
    server(health);
    connect(Map.of(), "");
    Echo.call(channel);
    assertThat(health.watches()).isEqualTo(1);

    Channels.close(channel);

    Eventually.await("no watch is left", () -> health.watches() == 0);
  }

  @Test
  void idle_always_leavesNoWatch() {
    ScriptedHealth health = ScriptedHealth.of(ServingStatus.SERVING);
    server(health);
    connect(Map.of(), "");
    Echo.call(channel);

    Channels.enterIdle(channel);

    Eventually.await("no watch is left", () -> health.watches() == 0);
  }

  private EchoServer server(ScriptedHealth... health) {
    EchoServer server = EchoServer.inProcess(health);
    servers.add(server);
    return server;
  }

  private void connect(Map<String, ?> evenkeel, String service) {
    InProcessChannelBuilder builder =
        Channels.inProcess(discovery.endpoints(all()), evenkeel)
            .defaultServiceConfig(healthConfig(evenkeel, service))
            .setNameResolverArg(BalancerListener.KEY, keeper);
    channel = builder.build();
    channel.getState(true);
  }

  private EchoServer[] all() {
    return servers.toArray(new EchoServer[0]);
  }

  private static Map<String, ?> healthConfig(Map<String, ?> evenkeel, String service) {
    return serviceConfig(evenkeel, Map.of("healthCheckConfig", Map.of("serviceName", service)));
  }
}
