package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.SupervisorHarness.Told;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a registry's wish to be left alone. */
class RestTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Status BUSY = Status.UNAVAILABLE.withDescription("busy");

  private final FakeClock clock = new FakeClock();
  private final Rest rest = new Rest(new DiscoveryContext(Runnable::run, clock, clock, () -> 0.5));
  private final SupervisorHarness harness = new SupervisorHarness();

  @Test
  void left_nobodyHasAsked_isZero() {
    assertThat(rest.left()).isZero();
    assertThat(rest.why()).isEqualTo(Status.OK);
  }

  @Test
  void left_whileItLasts_isTheRemainder() {
    rest.begin(BUSY, SECOND.multipliedBy(3));

    clock.advance(SECOND);

    assertThat(rest.left()).isEqualTo(SECOND.multipliedBy(2));
    assertThat(rest.why()).isSameAs(BUSY);
  }

  @Test
  void left_itIsOver_isZero() {
    rest.begin(BUSY, SECOND);

    clock.advance(SECOND);

    assertThat(rest.left()).isZero();
    assertThat(rest.why()).isEqualTo(Status.OK);
  }

  @Test
  void begin_farTooLong_isBounded() {
    rest.begin(BUSY, Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(rest.left()).isEqualTo(Rest.LONGEST);
  }

  @Test
  void begin_zero_endsNone() {
    rest.begin(BUSY, SECOND);

    rest.begin(Status.UNAVAILABLE, Duration.ZERO);

    assertThat(rest.left()).isEqualTo(SECOND);
    assertThat(rest.why()).isSameAs(BUSY);
  }

  @Test
  void onError_rest_isAskedWhenItIsOverAndNotBefore() {
    harness.answer = setOf(1);
    harness.watch("");
    harness.newest().refuse("busy", SECOND.multipliedBy(40));
    int asked = harness.newest().questions;

    harness.pass(SECOND.multipliedBy(40).minusNanos(1));
    int meanwhile = harness.newest().questions;
    harness.pass(Duration.ofNanos(1));

    assertThat(meanwhile).isEqualTo(asked);
    assertThat(harness.newest().questions).isEqualTo(asked + 1);
  }

  @Test
  void refresh_duringARest_isPutOffToItsEnd() {
    harness.answer = setOf(1);
    Told told = harness.watch("");
    harness.pass(SECOND);
    told.watch.refresh();
    told.watch.refresh();
    harness.newest().refuse("busy", SECOND.multipliedBy(10));
    told.watch.refresh();
    int asked = harness.newest().questions;

    harness.pass(SECOND.multipliedBy(10).minusNanos(1));
    int meanwhile = harness.newest().questions;
    harness.pass(Duration.ofNanos(1));

    assertThat(meanwhile).isEqualTo(asked);
    assertThat(harness.newest().questions).isEqualTo(asked + 1);
  }

  @Test
  void onError_restsForLongerThanRebuildAfter_keepsTheClient() {
    harness.watch("");

    for (int i = 0; i < 10; i++) {
      harness.newest().refuse("busy", Supervision.DEFAULT.rebuildAfter());
      harness.pass(Supervision.DEFAULT.rebuildAfter());
    }

    assertThat(harness.opened).hasSize(1);
  }

  @Test
  void onError_rest_keepsTheListAndTellsWhy() {
    harness.answer = setOf(1);
    Told told = harness.watch("").observed();

    harness.newest().refuse("busy", SECOND);

    assertThat(told.list()).isEqualTo(setOf(1).endpoints());
    assertThat(told.events).containsExactly("stale: busy");
  }
}
