package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerListenerProvider;
import io.evenkeel.BalancerState;
import io.evenkeel.BalancerView;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointAttributes;
import io.evenkeel.Evenkeel;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListenerEventsTest {

  @Test
  void events_lifeOfAnEndpoint_comeInOrder() {
    BalancerFixture fixture = new BalancerFixture();

    fixture.accept(1);
    fixture.subchannel(1).ready();
    fixture.subchannel(1).idle();
    fixture.subchannel(1).ready();
    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.accept(2);

    assertThat(fixture.events)
        .containsExactly(
            "policy round_robin",
            "found 127.0.0.1:1",
            "ready 127.0.0.1:1",
            "lost 127.0.0.1:1 connection lost",
            "ready 127.0.0.1:1",
            "lost 127.0.0.1:1 refused",
            "connect failed 1 127.0.0.1:1",
            "found 127.0.0.1:2",
            "removed 127.0.0.1:1");
  }

  @Test
  void onConnectFailed_again_countsUpUntilConnected() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);
    fixture.events.clear();

    fixture.subchannel(1).fail(Status.UNAVAILABLE);
    fixture.passBackoff();
    fixture.subchannel(1).fail(Status.UNAVAILABLE);
    fixture.passBackoff();
    fixture.subchannel(1).ready();
    fixture.subchannel(1).fail(Status.UNAVAILABLE);

    assertThat(fixture.events)
        .containsExactly(
            "connect failed 1 127.0.0.1:1",
            "connect failed 2 127.0.0.1:1",
            "ready 127.0.0.1:1",
            "lost 127.0.0.1:1 null",
            "connect failed 1 127.0.0.1:1");
  }

  @Test
  void lists_emptyRefusedOrMissing_areToldApart() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    fixture.events.clear();

    fixture.accept(List.of());
    fixture.accept(badWeight(2));
    fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));

    assertThat(fixture.events).hasSize(3);
    assertThat(fixture.events.get(0)).isEqualTo("empty list");
    assertThat(fixture.events.get(1)).startsWith("refused discovery brought no usable endpoint (1");
    assertThat(fixture.events.get(2)).isEqualTo("discovery registry is down");
  }

  @Test
  void onPolicyFault_manyWithinASecond_isToldOnceThenWithTheSum() {
    TestPolicy broken = TestPolicy.register("listener_events_broken");
    broken.breakEveryPick();
    BalancerFixture fixture = new BalancerFixture().config(broken.config());
    fixture.accept(1);
    fixture.subchannel(1).ready();
    fixture.events.clear();

    fixture.pick(); // asks the policy four times
    fixture.pick();
    fixture.helper.clock().advance(Duration.ofMillis(500));
    assertThat(fixture.events).containsExactly("fault broken 8");
    fixture.pick();
    fixture.helper.clock().advance(PolicyFaults.REPORT_INTERVAL);
    fixture.pick();
    fixture.helper.clock().advance(Duration.ofMillis(1));

    assertThat(fixture.events).containsExactly("fault broken 8", "fault broken 16");
    broken.forget();
  }

  @Test
  void onPolicyFault_shutdownMeanwhile_leavesNoTimer() {
    TestPolicy broken = TestPolicy.register("listener_events_broken");
    broken.breakEveryPick();
    BalancerFixture fixture = new BalancerFixture().config(broken.config());
    fixture.accept(1);
    fixture.subchannel(1).ready();
    fixture.pick();

    fixture.shutdown();
    fixture.events.clear();
    fixture.passCoalescing();

    assertThat(fixture.events).isEmpty();
    assertThat(fixture.helper.clock().waiting()).isZero();
    broken.forget();
  }

  @Test
  void started_andEnded_areToldOnceEach() {
    BalancerFixture fixture = new BalancerFixture();
    assertThat(fixture.live).hasSize(1);

    fixture.shutdown();
    fixture.shutdown();

    assertThat(fixture.live).isEmpty();
  }

  @Test
  void provider_addedWhileABalancerLives_hearsFromTheNextEventOn() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    List<String> heard = new ArrayList<>();
    BalancerListenerProvider provider = provider(fixture.live.get(0), heard);

    Evenkeel.addListener(provider);
    fixture.subchannel(1).idle();
    Evenkeel.removeListener(provider);
    fixture.subchannel(1).ready();

    assertThat(heard).containsExactly("started", "lost 127.0.0.1:1");
  }

  @Test
  void provider_thatThrows_harmsNobody() {
    BalancerListenerProvider throwing =
        balancer -> {
          throw new IllegalStateException("provider");
        };
    BalancerListenerProvider answeringAThrower = balancer -> new ThrowingListener();
    Evenkeel.addListener(throwing);
    Evenkeel.addListener(answeringAThrower);
    try {
      BalancerFixture fixture = BalancerFixture.readyOn(1, 2);

      assertThat(fixture.picks(4)).containsExactlyInAnyOrder(1, 1, 2, 2);
      assertThat(fixture.events).contains("ready 127.0.0.1:1", "ready 127.0.0.1:2");
    } finally {
      Evenkeel.removeListener(throwing);
      Evenkeel.removeListener(answeringAThrower);
    }
  }

  private static BalancerListenerProvider provider(BalancerView wanted, List<String> heard) {
    return balancer -> {
      if (balancer != wanted) {
        return null;
      }
      return new BalancerListener() {
        @Override
        public void onStarted(BalancerView started) {
          heard.add("started");
        }

        @Override
        public void onLost(Endpoint endpoint, Status reason) {
          heard.add("lost " + endpoint.displayAddress());
        }

        @Override
        public void onReady(Endpoint endpoint) {
          heard.add("ready " + endpoint.displayAddress());
        }
      };
    };
  }

  private static EquivalentAddressGroup badWeight(int port) {
    return new EquivalentAddressGroup(
        List.of(BalancerFixture.address(port)),
        Attributes.newBuilder().set(EndpointAttributes.WEIGHT, -1).build());
  }

  @Test
  void onState_everyPhase_isToldInTurn() {
    BalancerFixture fixture = new BalancerFixture();

    fixture.accept(1, 2);
    fixture.subchannel(1).ready();
    fixture.subchannel(2).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.passBackoff();
    fixture.subchannel(2).ready();
    fixture.passCoalescing();

    assertThat(fixture.states)
        .extracting(BalancerState::toString)
        .containsExactly(
            "2 endpoints (2 connecting)",
            "2 endpoints (1 ready, 1 connecting)",
            "2 endpoints (1 ready, 1 failed): 127.0.0.1:2: refused",
            "2 endpoints (2 ready)");
  }

  @Test
  void onState_shutdown_knowsNoEndpointAnyMore() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);

    fixture.shutdown();

    assertThat(fixture.lastState()).isEqualTo(new BalancerState(0, 0, 0, 0, 0, ""));
  }

  @Test
  void throwing_always_harmsNobodyAndIsLogged() {
    FakeHelper helper = new FakeHelper().with(BalancerListener.KEY, new ThrowingListener());
    BalancerFixture.acceptOne(helper);
    helper.subchannels().forEach(FakeSubchannel::ready);

    assertThat(helper.state()).isEqualTo(ConnectivityState.READY);
    assertThat(helper.pick().getSubchannel()).isSameAs(helper.subchannels().get(0));
    assertThat(helper.log()).isNotEmpty().allMatch(line -> line.startsWith("ERROR a balancer lis"));
  }

  @Test
  void none_always_isFine() {
    FakeHelper helper = new FakeHelper();
    BalancerFixture.acceptOne(helper);

    assertThat(helper.state()).isEqualTo(ConnectivityState.CONNECTING);
  }

  private static final class ThrowingListener implements BalancerListener {
    @Override
    public void onFound(Endpoint endpoint) {
      throw new IllegalStateException("found");
    }

    @Override
    public void onReady(Endpoint endpoint) {
      throw new AssertionError("ready");
    }

    @Override
    public void onPolicySwitched(String policy) {
      throw new IllegalStateException("switched");
    }

    @Override
    public void onState(BalancerState state) {
      throw new IllegalStateException("state");
    }
  }
}
