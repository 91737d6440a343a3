package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.SourceSnapshot;
import io.evenkeel.discovery.ResolverHarness.ScriptedDiscovery;
import io.evenkeel.discovery.SupervisorHarness.Told;
import io.grpc.Context;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SupervisorTest {
  private static final Duration DEBOUNCE = SupervisorConfig.DEFAULT.debounce();
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Supervision.DEFAULT.answerTimeout();

  private final SupervisorHarness harness = new SupervisorHarness();

  @Test
  void onEndpoints_first_isToldAtOnce() {
    Told told = harness.watch("");

    harness.newest().say(setOf(1, 2));

    assertThat(told.list()).isEqualTo(setOf(1, 2).endpoints());
  }

  @Test
  void onEndpoints_burst_isToldOncePerIntervalAndTheLastIsNotLost() {
    harness.answer = setOf(1);
    Told told = harness.watch("");

    for (int port = 2; port <= 50; port++) {
      harness.newest().say(setOf(IntStream.rangeClosed(1, port).toArray()));
    }
    harness.pass(DEBOUNCE);

    assertThat(told.views).hasSize(2);
    assertThat(told.list()).hasSize(50);
  }

  @Test
  void onEndpoints_sameAgain_isNotTold() {
    harness.answer = setOf(1);
    Told told = harness.watch("");

    harness.newest().say(setOf(1));
    harness.pass(SECOND);

    assertThat(told.views).hasSize(1);
  }

  @Test
  void onError_afterAList_keepsItAndItsAgeGrows() {
    harness.answer = setOf(1);
    Told told = harness.watch("");

    harness.pass(SECOND);
    harness.newest().answer = null;
    harness.newest().fail("registry is down");
    harness.pass(SECOND.multipliedBy(9));

    SourceSnapshot now = told.watch.status().snapshot();
    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
    assertThat(now.stale()).isTrue();
    assertThat(now.problem()).isEqualTo("registry is down");
    assertThat(now.age()).contains(Duration.ofSeconds(10));
  }

  @Test
  void onEndpoints_emptyAfterAList_keepsItAndIsNoConfirmation() {
    harness.answer = setOf(1);
    Told told = harness.watch("");

    harness.newest().answer = null;
    harness.pass(SECOND);
    harness.newest().say(setOf());

    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
    assertThat(told.watch.status().snapshot().age()).contains(SECOND);
  }

  @Test
  void onEndpoints_afterErrors_isRecovered() {
    harness.answer = setOf(1);
    Told told = harness.watch("").observed();

    harness.newest().fail("registry is down");
    harness.newest().fail("registry is still down");
    harness.newest().say(setOf(1));

    assertThat(told.events).containsExactly("stale: registry is down", "recovered");
    assertThat(told.watch.status().snapshot().stale()).isFalse();
  }

  @Test
  void snapshot_sourceThatPollsByItself_isConfirmedUntilItFails() {
    harness.provider.supervision = Supervision.SELF_POLLING;
    harness.answer = setOf(1);
    Told told = harness.watch("");

    harness.pass(Duration.ofHours(1));
    Duration quiet = told.watch.status().snapshot().age().orElseThrow();
    harness.newest().answer = null;
    harness.newest().fail("unreadable");
    harness.pass(SECOND.multipliedBy(3));

    assertThat(quiet).isZero();
    assertThat(told.watch.status().snapshot().age()).contains(Duration.ofSeconds(3));
  }

  @Test
  void snapshot_elementsLeftOut_areCounted() {
    harness.answer = setOf(1).withProblems(List.of("entry 2 is malformed"));

    Told told = harness.watch("");

    assertThat(told.watch.status().snapshot().skipped()).isEqualTo(1);
  }

  @Test
  void audit_sourceThatSaysNothing_isAskedOncePerInterval() {
    harness.answer = setOf(1);
    harness.watch("");

    harness.pass(Supervision.DEFAULT.auditInterval().multipliedBy(10));

    assertThat(harness.newest().questions).isEqualTo(11);
  }

  @Test
  void silence_twiceInARow_opensAnotherAndIgnoresTheOld() {
    harness.answer = setOf(1);
    Told told = harness.watch("").observed();
    ScriptedDiscovery old = harness.newest();
    old.answer = null;

    harness.answer = setOf(2);
    harness.pass(Supervision.DEFAULT.auditInterval());
    harness.pass(TIMEOUT.multipliedBy(2).plus(SECOND));
    old.say(setOf(3));
    harness.pass(SECOND);

    assertThat(harness.opened).hasSize(2);
    assertThat(old.closes).isEqualTo(1);
    assertThat(told.events).contains("rebuilt 1");
    assertThat(told.list()).isEqualTo(setOf(2).endpoints());
  }

  @Test
  void silence_once_isAnErrorThatKeepsTheClient() {
    Told told = harness.watch("");

    harness.pass(TIMEOUT);

    assertThat(harness.opened).hasSize(1);
    assertThat(told.why())
        .isEqualTo("target \"test:///orders\": discovery gave no answer within 15 s");
  }

  @Test
  void onError_backOffOfTheScheme_boundsTheWaits() {
    harness.provider.supervision =
        new Supervision(Duration.ZERO, TIMEOUT, Duration.ZERO, Duration.ofSeconds(5));
    harness.watch("");
    for (int second = 0; second < 100; second++) {
      harness.newest().fail("registry is down");
      harness.pass(SECOND);
    }
    int asked = harness.newest().questions;

    for (int second = 0; second < 100; second++) {
      harness.newest().fail("registry is down");
      harness.pass(SECOND);
    }

    assertThat(harness.newest().questions - asked).isEqualTo(20);
  }

  @Test
  void onError_forLongerThanRebuildAfter_opensAnother() {
    harness.watch("");
    harness.newest().fail("no leader");

    harness.pass(Supervision.DEFAULT.rebuildAfter());
    harness.newest().fail("no leader");

    assertThat(harness.opened).hasSize(2);
  }

  @Test
  void onError_forHours_opensAnotherAtABoundedRate() {
    harness.watch("");

    for (int second = 0; second < 3600; second++) {
      harness.newest().fail("no leader");
      harness.pass(SECOND);
    }

    assertThat(harness.opened).hasSizeBetween(20, 60);
    assertThat(harness.opened.subList(0, harness.opened.size() - 1))
        .allMatch(discovery -> discovery.closes == 1);
  }

  @Test
  void onError_rebuildAfterZero_keepsTheClient() {
    harness.provider.supervision = Supervision.SELF_POLLING;
    harness.watch("");

    for (int i = 0; i < 100; i++) {
      harness.newest().fail("unreadable");
      harness.pass(Duration.ofSeconds(10));
    }

    assertThat(harness.opened).hasSize(1);
  }

  @Test
  void open_throws_isAnErrorAndIsTriedAgain() {
    harness.refusal = new IllegalStateException("no such file");
    Told told = harness.watch("");
    String before = told.why();

    harness.refusal = null;
    harness.answer = setOf(1);
    harness.pass(SECOND);

    assertThat(before).contains("no such file");
    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
  }

  @Test
  void refresh_inACall_asksOutsideOfItsContext() {
    Context.Key<String> key = Context.key("call");
    List<String> seen = new ArrayList<>();
    ScriptedProviderOf provider = new ScriptedProviderOf(() -> seen.add(key.get()));

    Context.current()
        .withValue(key, "deadline")
        .run(() -> harness.supervisors.watch(provider.target(), view -> {}));

    assertThat(seen).containsExactly((String) null);
  }

  @Test
  void onEndpoints_mostAreGone_areHeldUntilAnotherLook() {
    harness.answer = setOf(1, 2, 3, 4);
    Told told = harness.watch("").observed();

    harness.pass(SECOND);
    harness.newest().answer = setOf(1);
    harness.newest().say(setOf(1));
    harness.pass(DEBOUNCE);
    int meanwhile = told.list().size();
    harness.pass(SupervisorConfig.DEFAULT.confirm());

    assertThat(meanwhile).isEqualTo(4);
    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
    assertThat(told.events).containsExactly("held 3", "held 0");
  }

  @Test
  void onEndpoints_mostAreGoneAndTheLookFails_areHeldOn() {
    harness.answer = setOf(1, 2, 3, 4);
    Told told = harness.watch("");

    harness.newest().answer = null;
    harness.newest().say(setOf(1));
    harness.newest().fail("restarting");
    harness.pass(SupervisorConfig.DEFAULT.confirm());
    harness.newest().fail("restarting");
    int meanwhile = told.list().size();
    harness.newest().say(setOf(1, 2, 3, 4));
    harness.pass(SECOND);

    assertThat(meanwhile).isEqualTo(4);
    assertThat(told.list()).isEqualTo(setOf(1, 2, 3, 4).endpoints());
  }

  @Test
  void maxAge_sourceFailsForLonger_dropsTheList() {
    harness.answer = setOf(1);
    Told told = harness.watch("?maxAge=60s");

    harness.answer = null;
    harness.newest().answer = null;
    harness.newest().fail("registry is down");
    harness.pass(Duration.ofSeconds(59));
    List<?> before = told.list();
    harness.pass(SECOND);

    assertThat(before).isEqualTo(setOf(1).endpoints());
    assertThat(told.list()).isNull();
    assertThat(told.why())
        .startsWith("target \"test:///orders?maxAge=60s\": the last list is older than maxAge=60s");
  }

  @Test
  void maxAge_sourceIsSilent_isFoundOutInTime() {
    harness.answer = setOf(1);
    Told told = harness.watch("?maxAge=20s");

    harness.answer = null;
    harness.newest().answer = null;
    harness.pass(Duration.ofSeconds(40));

    assertThat(told.list()).isNull();
  }

  @Test
  void maxAge_sourceConfirms_keepsTheList() {
    harness.answer = setOf(1);
    Told told = harness.watch("?maxAge=20s");

    harness.pass(Duration.ofHours(1));

    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
  }

  @Test
  void maxAge_listAfterTheDrop_isUsed() {
    harness.answer = setOf(1, 2, 3, 4);
    Told told = harness.watch("?maxAge=5s");
    harness.newest().answer = null;
    harness.newest().fail("registry is down");
    harness.pass(Duration.ofSeconds(5));

    harness.newest().say(setOf(9));
    harness.pass(SECOND);

    assertThat(told.list()).isEqualTo(setOf(9).endpoints());
  }

  /** Says where it is started. */
  private static final class ScriptedProviderOf {
    private final Runnable onStart;

    ScriptedProviderOf(Runnable onStart) {
      this.onStart = onStart;
    }

    SourceTarget target() {
      ResolverHarness.ScriptedProvider provider =
          new ResolverHarness.ScriptedProvider(
              () ->
                  new Discovery() {
                    @Override
                    public void start(DiscoveryListener listener) {
                      onStart.run();
                      listener.onEndpoints(setOf(1));
                    }

                    @Override
                    public void refresh() {}

                    @Override
                    public void close() {}
                  });
      return SourceTarget.of(provider, URI.create("test:///orders"));
    }
  }
}
