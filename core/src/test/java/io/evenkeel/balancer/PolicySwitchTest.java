package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.TestCandidate;
import io.evenkeel.testkit.FakeSubchannel;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that come, go and misbehave. */
final class PolicySwitchTest {

  /** Everything a policy can get wrong. */
  enum Fault {
    FACTORY_THROWS(
        context -> {
          throw new IllegalStateException("broken");
        }),
    NEW_PICKER_THROWS(
        context ->
            rotation -> {
              throw new IllegalStateException("broken");
            }),
    NEW_PICKER_IS_NULL(context -> rotation -> nothing()),
    PICK_THROWS(
        context ->
            rotation ->
                call -> {
                  throw new IllegalStateException("broken");
                }),
    PICK_THROWS_ERROR(
        context ->
            rotation ->
                call -> {
                  throw new NoSuchMethodError("broken");
                }),
    PICK_IS_NULL(context -> rotation -> call -> nobody()),
    PICK_IS_FOREIGN(context -> rotation -> call -> TestCandidate.number(1));

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final PolicyFactory factory;

    Fault(PolicyFactory factory) {
      this.factory = factory;
    }

    private static Picker nothing() {
      return null;
    }

    private static Candidate nobody() {
      return null;
    }
  }

  private final TestPolicy policy = TestPolicy.register("switch_test");

  @AfterEach
  void forgetPolicy() {
    policy.forget();
  }

  @Test
  void accept_otherPolicy_keepsConnectionsAndFailsNoPick() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2, 3);

    fixture.config(Map.of("policy", Map.of("least_request", Map.of()))).accept(1, 2, 3);

    assertThat(fixture.helper.subchannels())
        .hasSize(3)
        .noneMatch(FakeSubchannel::isShutdown)
        .allSatisfy(subchannel -> assertThat(subchannel.connectionRequests()).isEqualTo(1));
    assertThat(fixture.picks(10)).doesNotContain(0);
    assertThat(fixture.events).endsWith("policy least_request");
  }

  @Test
  void accept_sameConfigAgain_keepsThePositionOfTheRound() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2, 3);
    int first = fixture.pick();

    fixture.config(Map.of("policy", Map.of("round_robin", Map.of()))).accept(1, 2, 3);

    assertThat(fixture.picks(2)).doesNotContain(first).doesNotHaveDuplicates();
    assertThat(fixture.events).filteredOn(event -> event.startsWith("policy")).hasSize(1);
  }

  @Test
  void accept_endpointAdded_keepsThePolicy() {
    AtomicInteger made = new AtomicInteger();
    policy.use(
        context -> {
          made.incrementAndGet();
          return rotation -> call -> rotation.get(0);
        });
    BalancerFixture fixture = new BalancerFixture().config(policy.config());
    fixture.accept(1);

    fixture.accept(1, 2);

    assertThat(made).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void pick_faultyPolicy_callsAreServedAndTheFaultIsLoggedOnce(Fault fault) {
    policy.use(fault.factory);
    BalancerFixture fixture = new BalancerFixture().config(policy.config());
    fixture.accept(1, 2);
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();

    assertThat(fixture.picks(20)).containsAnyOf(1, 2).doesNotContain(0);

    assertThat(fixture.helper.log())
        .singleElement()
        .asString()
        .startsWith("ERROR the policy throws; calls go to any ready endpoint: ");
  }

  @Test
  void accept_newPolicyCannotBeMade_theOldOneGoesOn() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    policy.use(Fault.FACTORY_THROWS.factory);
    int first = fixture.pick();

    fixture.config(policy.config()).accept(1, 2);

    assertThat(fixture.picks(3)).containsExactly(3 - first, first, 3 - first);
  }

  @Test
  void accept_afterAPolicyThatCannotBeMade_goesOn() {
    policy.use(Fault.FACTORY_THROWS.factory);
    BalancerFixture fixture = new BalancerFixture().config(policy.config());
    fixture.accept(1);

    fixture.config(Map.of()).accept(2);
    fixture.subchannel(2).ready();

    assertThat(fixture.pick()).isEqualTo(2);
    assertThat(fixture.subchannel(1).isShutdown()).isTrue();
  }

  @Test
  void pick_policyKeepsALostEndpoint_anotherIsTaken() {
    policy.use(context -> rotation -> call -> rotation.get(0));
    BalancerFixture fixture = new BalancerFixture().config(policy.config());
    fixture.accept(1, 2);
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();

    fixture.subchannel(1).idle();

    assertThat(fixture.picks(3)).containsOnly(2);
  }
}
