package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerState;
import io.evenkeel.Endpoint;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.FakeSubchannel;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.Status;
import java.time.InstantSource;
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
            "found 127.0.0.1:1",
            "policy round_robin",
            "ready 127.0.0.1:1",
            "lost 127.0.0.1:1 connection lost",
            "ready 127.0.0.1:1",
            "lost 127.0.0.1:1 refused",
            "found 127.0.0.1:2",
            "removed 127.0.0.1:1");
  }

  @Test
  void onState_everyPhase_isToldInTurn() {
    BalancerFixture fixture = new BalancerFixture();

    fixture.accept(1, 2);
    fixture.subchannel(1).ready();
    fixture.subchannel(2).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.passCoalescing();
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

    assertThat(fixture.lastState()).isEqualTo(new BalancerState(0, 0, 0, 0, ""));
  }

  @Test
  void throwing_always_harmsNobodyAndIsLogged() {
    FakeHelper helper = new FakeHelper().with(BalancerListener.KEY, new ThrowingListener());
    EvenkeelBalancer balancer =
        new EvenkeelBalancer(
            helper,
            new PolicyContext(ScriptedRandom.of(0), helper.clock()),
            InstantSource.system());

    helper.run(
        () ->
            balancer.acceptResolvedAddresses(
                ResolvedAddresses.newBuilder()
                    .setAddresses(List.of(BalancerFixture.group(1)))
                    .build()));
    helper.subchannels().forEach(FakeSubchannel::ready);

    assertThat(helper.state()).isEqualTo(ConnectivityState.READY);
    assertThat(helper.pick().getSubchannel()).isSameAs(helper.subchannels().get(0));
    assertThat(helper.log()).isNotEmpty().allMatch(line -> line.startsWith("ERROR a balancer lis"));
  }

  @Test
  void none_always_isFine() {
    FakeHelper helper = new FakeHelper();
    EvenkeelBalancer balancer =
        new EvenkeelBalancer(
            helper,
            new PolicyContext(ScriptedRandom.of(0), helper.clock()),
            InstantSource.system());

    helper.run(
        () ->
            balancer.acceptResolvedAddresses(
                ResolvedAddresses.newBuilder()
                    .setAddresses(List.of(BalancerFixture.group(1)))
                    .build()));

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
