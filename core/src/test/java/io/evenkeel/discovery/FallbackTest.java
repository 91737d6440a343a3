package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.SourceSnapshot;
import io.evenkeel.discovery.SupervisorHarness.Told;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FallbackTest {
  private static final String FALLBACK = "fixed:///127.0.0.1:9";
  private static final String QUERY = "?fallback=" + FALLBACK;

  private final SupervisorHarness harness = new SupervisorHarness();

  @Test
  void start_primaryAnswers_theFallbackIsNotWatched() {
    harness.answer = setOf(1);

    Told told = harness.watch(QUERY);
    harness.pass(Supervisor.FALLBACK_PATIENCE);

    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
    assertThat(harness.supervisors.size()).isEqualTo(1);
  }

  @Test
  void start_primaryFails_theFallbackServesAtOnce() {
    Told told = harness.watch(QUERY).observed();

    harness.newest().fail("registry is down");

    assertThat(told.list()).isEqualTo(setOf(9).endpoints());
    assertThat(told.events).containsExactly("source " + FALLBACK);
  }

  @Test
  void start_primaryIsEmpty_theFallbackServes() {
    Told told = harness.watch(QUERY);

    harness.newest().say(setOf());

    assertThat(told.list()).isEqualTo(setOf(9).endpoints());
  }

  @Test
  void start_primaryIsSilent_theFallbackServesAfterAMoment() {
    Told told = harness.watch(QUERY);

    harness.pass(Supervisor.FALLBACK_PATIENCE);

    assertThat(told.list()).isEqualTo(setOf(9).endpoints());
  }

  @Test
  void onEndpoints_primaryAnswers_takesOverAtOnceAndEndsTheFallback() {
    Told told = harness.watch(QUERY).observed();
    harness.newest().fail("registry is down");

    harness.newest().say(setOf(1));
    harness.pass(Supervisors.LINGER);

    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
    assertThat(told.events).last().isEqualTo("source test:///orders" + QUERY);
    assertThat(harness.supervisors.size()).isEqualTo(1);
  }

  @Test
  void onError_primaryHasAList_itIsKept() {
    harness.answer = setOf(1);
    Told told = harness.watch(QUERY);

    harness.newest().fail("registry is down");

    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
  }

  @Test
  void maxAge_primaryFailsForLonger_theFallbackServes() {
    harness.answer = setOf(1);
    Told told = harness.watch(QUERY + "&maxAge=10s");

    harness.newest().answer = null;
    harness.newest().fail("registry is down");
    harness.pass(Duration.ofSeconds(10));

    assertThat(told.list()).isEqualTo(setOf(9).endpoints());
  }

  @Test
  void snapshot_fallbackInUse_saysSoAndWhy() {
    Told told = harness.watch(QUERY);

    harness.newest().fail("registry is down");

    SourceSnapshot now = told.watch.status().snapshot();
    assertThat(now.target()).isEqualTo(FALLBACK);
    assertThat(now.fallback()).isTrue();
    assertThat(now.stale()).isTrue();
    assertThat(now.problem()).isEqualTo("registry is down");
  }

  @Test
  void close_fallbackInUse_leavesNothing() {
    Told told = harness.watch(QUERY);
    harness.newest().fail("registry is down");

    told.close();
    harness.pass(Supervisors.LINGER);

    assertThat(harness.supervisors.size()).isZero();
    assertThat(harness.clock.waiting()).isZero();
  }
}
