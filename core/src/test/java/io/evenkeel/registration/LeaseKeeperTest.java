package io.evenkeel.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.LeaseKeeper.Timing;
import io.evenkeel.registration.RegistrationRules.Reach;
import io.evenkeel.testkit.FakeClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private static final Duration TTL = ScriptedStore.TTL;

  private final FakeClock clock = new FakeClock();
  private final ScriptedStore store = new ScriptedStore(clock);
  private final LeaseKeeper keeper =
      new LeaseKeeper(
          store,
          Reach.NETWORK,
          new Timing(() -> clock, clock, () -> 0.5, LeaseKeeper.ANSWER_BOUND));

  @Test
  void register_instance_isWrittenUnderALeaseAndReadBack() throws Exception {
    Registration registration = register("a");

    assertThat(store.listed()).containsExactly(instance("a"));
    assertThat(store.calls).containsExactly("grant a", "write a", "look a");
    assertThat(registration.endpoint()).isEqualTo(instance("a"));
  }

  @Test
  void register_longerThanManyTtls_staysListed() throws Exception {
    register("a");

    for (int i = 0; i < 100; i++) {
      clock.advance(TTL.dividedBy(2));
      assertThat(store.listed()).containsExactly(instance("a"));
    }
  }

  @Test
  void register_nothingGoesWrong_isRenewedThreeTimesPerTtlAndLookedAtOnce() throws Exception {
    register("a");
    store.calls.clear();

    clock.advance(TTL.multipliedBy(10));

    assertThat(Collections.frequency(store.calls, "renew a")).isBetween(30, 33);
    assertThat(Collections.frequency(store.calls, "look a")).isBetween(7, 10);
    assertThat(store.calls).doesNotContain("write a", "grant a");
  }

  @Test
  void register_registryIsDown_throwsAndIsNotTriedAgain() {
    store.goDown();

    assertThatThrownBy(() -> register("a"))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("memory is down");
    store.comeBack();
    clock.advance(TTL.multipliedBy(2));

    assertThat(store.listed()).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void register_answerIsLost_whatWasWrittenEndsWithItsLease() {
    store.loseAnswers();

    assertThatThrownBy(() -> register("a")).isInstanceOf(RegistrationException.class);
    clock.advance(TTL);

    assertThat(store.listed()).isEmpty();
    assertThat(store.leases()).isZero();
  }

  @Test
  void register_registryStoresSomethingElse_throws() {
    store.garble();

    assertThatThrownBy(() -> register("a"))
        .isInstanceOf(RegistrationException.class)
        .hasMessage(
            "memory: instance \"a\" of service \"orders\": the registry holds something else right"
                + " after it was written");
  }

  @Test
  void register_idOfAnotherProcess_takesItOver() throws Exception {
    store.takeOver(instance("a").withWeight(3));

    register("a");

    assertThat(store.listed()).containsExactly(instance("a"));
  }

  @Test
  void register_sameIdAgain_keepsOneLease() throws Exception {
    register("a");

    Registration second = keeper.register("orders", instance("a").withWeight(2));

    assertThat(store.listed()).containsExactly(instance("a").withWeight(2));
    assertThat(store.leases()).isEqualTo(1);
    second.close();
    assertThat(store.listed()).isEmpty();
  }

  @Test
  void register_loopbackInANetworkRegistry_isRefused() {
    Endpoint local = Endpoint.of(HostPort.parse("127.0.0.1:80"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> keeper.register("orders", local))
        .withMessageContaining("not loopback");
  }

  @Test
  void lease_isRevoked_instanceComesBackWithTheLatestValueWithinATtl() throws Exception {
    Registration registration = register("a");
    registration.update(instance("a").withWeight(7));

    store.revokeAll();
    clock.advance(TTL);

    assertThat(store.listed()).containsExactly(instance("a").withWeight(7));
  }

  @Test
  void entry_isRemovedThoughItsLeaseLives_comesBackWithinATtl() throws Exception {
    register("a");

    store.remove("a");
    clock.advance(TTL.plus(TTL.dividedBy(3)));

    assertThat(store.listed()).containsExactly(instance("a"));
    assertThat(Collections.frequency(store.calls, "grant a")).isEqualTo(1);
  }

  @Test
  void registry_comesBackEmpty_everyInstanceIsRegisteredAgainWithinATtl() throws Exception {
    List<String> ids = List.of("a", "b", "c");
    for (String id : ids) {
      register(id);
    }

    store.goDown();
    clock.advance(TTL.multipliedBy(5));
    store.forgetAll();
    store.comeBack();
    clock.advance(TTL);

    assertThat(store.listed()).extracting(Endpoint::id).containsExactlyElementsOf(ids);
    assertThat(store.leases()).isEqualTo(3);
  }

  @Test
  void registry_isDownForLong_isAskedAtMostThreeTimesPerTtl() throws Exception {
    register("a");
    store.calls.clear();

    store.goDown();
    clock.advance(TTL.multipliedBy(100));

    assertThat(store.calls).hasSizeBetween(250, 310);
  }

  @Test
  void registry_losesAnswersForLong_isNotFilledWithLeases() throws Exception {
    register("a");

    store.loseAnswers();
    clock.advance(TTL.multipliedBy(100));
    store.comeBack();
    clock.advance(TTL);

    assertThat(store.listed()).containsExactly(instance("a"));
    assertThat(store.leases()).isEqualTo(1);
  }

  @Test
  void renewal_meetsAnError_goesOnAndComesBack() throws Exception {
    register("a");

    store.breakDown();
    clock.advance(TTL.multipliedBy(3));
    store.comeBack();
    clock.advance(TTL);

    assertThat(store.listed()).containsExactly(instance("a"));
  }

  @Test
  void register_meetsAnError_isToldAndLeavesNothing() {
    store.breakDown();

    assertThatThrownBy(() -> register("a"))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("NoClassDefFoundError: a/class/of/the/client");
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void close_keeperWhileReleasingMeetsAnError_triesTheOthers() throws Exception {
    register("a");
    register("b");
    store.breakDown();

    keeper.close();

    assertThat(store.calls).contains("release a", "release b");
  }

  @Test
  void update_otherWeight_isWrittenAtOnceUnderTheSameLease() throws Exception {
    Registration registration = register("a");

    registration.update(instance("a").withWeight(7));

    assertThat(store.listed()).containsExactly(instance("a").withWeight(7));
    assertThat(Collections.frequency(store.calls, "grant a")).isEqualTo(1);
  }

  @Test
  void update_sameValue_isNotWritten() throws Exception {
    Registration registration = register("a");

    registration.update(instance("a"));

    assertThat(Collections.frequency(store.calls, "write a")).isEqualTo(1);
  }

  @Test
  void update_whileTheRegistryIsDown_throwsAndIsWhatTheNextLeaseHolds() throws Exception {
    Registration registration = register("a");
    store.goDown();

    assertThatThrownBy(() -> registration.update(instance("a").withWeight(7)))
        .isInstanceOf(RegistrationException.class);
    clock.advance(TTL.multipliedBy(2));
    store.comeBack();
    clock.advance(TTL);

    assertThat(store.listed()).containsExactly(instance("a").withWeight(7));
  }

  @Test
  void update_answerIsLost_isNotWrittenTwice() throws Exception {
    Registration registration = register("a");
    registration.update(instance("a").withWeight(2));
    store.loseAnswers();
    assertThatThrownBy(() -> registration.update(instance("a").withWeight(7)))
        .isInstanceOf(RegistrationException.class);
    store.calls.clear();

    store.comeBack();
    clock.advance(TTL);

    assertThat(store.listed()).containsExactly(instance("a").withWeight(7));
    assertThat(Collections.frequency(store.calls, "write a")).isLessThanOrEqualTo(1);
  }

  @Test
  void update_idIsHeldByAnotherProcess_throwsAndLeavesIt() throws Exception {
    Registration registration = register("a");
    store.takeOver(instance("a").withWeight(3));

    assertThatThrownBy(() -> registration.update(instance("a").withWeight(7)))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("another process has registered this id");
    assertThat(store.listed()).containsExactly(instance("a").withWeight(3));
  }

  @Test
  void update_afterClose_isRefused() throws Exception {
    Registration registration = register("a");
    registration.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> registration.update(instance("a").withWeight(7)));
  }

  @Test
  void id_isTakenOver_isLeftToTheOtherProcessUntilItIsFree() throws Exception {
    register("a");

    store.takeOver(instance("a").withWeight(3));
    clock.advance(TTL.multipliedBy(5));
    assertThat(store.listed()).containsExactly(instance("a").withWeight(3));
    store.remove("a");
    clock.advance(TTL.multipliedBy(2));

    assertThat(store.listed()).containsExactly(instance("a"));
  }

  @Test
  void id_isTakenOverWhileTheLeaseWasLost_isLeftToTheOtherProcess() throws Exception {
    register("a");

    store.revokeAll();
    store.takeOver(instance("a").withWeight(3));
    clock.advance(TTL.multipliedBy(2));

    assertThat(store.listed()).containsExactly(instance("a").withWeight(3));
  }

  @Test
  void deregister_bySomebodyElse_endsTheRegistration() throws Exception {
    register("a");

    store.deregister("a");
    clock.advance(TTL.multipliedBy(5));

    assertThat(store.listed()).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void deregister_bySomebodyElseDuringAnOutage_endsTheRegistration() throws Exception {
    register("a");

    store.goDown();
    store.deregister("a");
    clock.advance(TTL.multipliedBy(2));
    store.comeBack();
    clock.advance(TTL.multipliedBy(2));

    assertThat(store.listed()).isEmpty();
  }

  @Test
  void deregister_ownInstance_releasesItsLease() throws Exception {
    register("a");

    boolean had = keeper.deregister("orders", "a");

    assertThat(had).isTrue();
    assertThat(store.leases()).isZero();
    assertThat(keeper.deregister("orders", "a")).isFalse();
  }

  @Test
  void close_registration_releasesItsLeaseOnceAndRenewsNoMore() throws Exception {
    Registration registration = register("a");

    registration.close();
    registration.close();
    clock.advance(TTL);

    assertThat(Collections.frequency(store.calls, "release a")).isEqualTo(1);
    assertThat(store.calls).doesNotContain("renew a");
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void close_registrationThatWasTakenOver_leavesTheNewOne() throws Exception {
    Registration registration = register("a");
    store.takeOver(instance("a").withWeight(3));

    registration.close();

    assertThat(store.listed()).containsExactly(instance("a").withWeight(3));
  }

  @Test
  void close_registrationWhileTheRegistryIsDown_leavesItToItsLease() throws Exception {
    Registration registration = register("a");
    store.goDown();

    registration.close();
    clock.advance(TTL);

    assertThat(store.listed()).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void close_keeper_releasesAllAndTakesNoMore() throws Exception {
    register("a");
    Registration registration = register("b");

    keeper.close();
    keeper.close();
    registration.close();

    assertThat(store.leases()).isZero();
    assertThat(clock.isShutdown()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> register("c"));
  }

  @Test
  void close_keeperWhileOneReleaseFails_releasesTheOthers() throws Exception {
    register("a");
    register("b");
    store.loseAnswers();

    keeper.close();

    assertThat(store.calls).contains("release a", "release b");
    assertThat(clock.waiting()).isZero();
  }

  private Registration register(String id) throws RegistrationException {
    return keeper.register("orders", instance(id));
  }

  private static Endpoint instance(String id) {
    return Endpoint.of(InetSocketAddress.createUnresolved("host-" + id, 80)).withId(id);
  }
}
