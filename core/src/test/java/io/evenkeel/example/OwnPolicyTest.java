package io.evenkeel.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.BalancerListener;
import io.evenkeel.balancer.PolicyCatalog;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import io.grpc.ManagedChannel;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user's own policy over a real channel. */
final class OwnPolicyTest {
  private final EchoServer one = EchoServer.inProcess();
  private final EchoServer two = EchoServer.inProcess();
  private final StateKeeper keeper = new StateKeeper();
  private ManagedChannel channel;

  @AfterEach
  void stopAll() {
    Channels.close(channel);
    one.close();
    two.close();
  }

  @Test
  void policy_foundByServiceLoader_chooses() {
    connect(Map.of("first", Map.of("place", 1)));

    assertThat(Echo.calls(10, channel)).containsOnly(two.name());
  }

  @Test
  void policy_registeredByCode_chooses() {
    PolicyCatalog.register(LastPolicyProvider.INSTANCE);
    connect(Map.of("last", Map.of()));

    assertThat(Echo.calls(10, channel)).containsOnly(two.name());
  }

  @Test
  void settings_notKnownToIt_areRefused() {
    connect(Map.of("first", Map.of()));

    assertThatThrownBy(
            () ->
                Channels.inProcess(
                        TestDiscovery.inProcess(one),
                        Map.of("policy", Map.of("first", Map.of("plaze", 1))))
                    .build())
        .hasMessageContaining("evenkeel.policy.first.plaze: unknown field");
  }

  private void connect(Map<String, ?> policy) {
    channel =
        Channels.inProcess(TestDiscovery.inProcess(one, two), Map.of("policy", policy))
            .setNameResolverArg(BalancerListener.KEY, keeper)
            .build();
    channel.getState(true);
    keeper.await("both are ready", state -> state.ready() == 2);
  }

  private static final class LastPolicyProvider implements PolicyProvider {
    private static final LastPolicyProvider INSTANCE = new LastPolicyProvider();

    @Override
    public String name() {
      return "last";
    }

    @Override
    public PolicyFactory configure(ConfigReader config) {
      return context -> rotation -> call -> rotation.get(rotation.size() - 1);
    }
  }
}
