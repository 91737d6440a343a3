package io.evenkeel.backoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.Context;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetryTest {
  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError(thrown);
          });
  private final List<Context> opened = new ArrayList<>();
  private final Retry retry =
      new Retry(
          () -> {
            syncContext.throwIfNotInThisSynchronizationContext();
            opened.add(Context.current());
          },
          new Retry.Timing(syncContext, clock, ScriptedRandom.of(0)));

  @Test
  void now_always_opensOutsideAnyCall() {
    Context.current().withCancellation().run(() -> syncContext.execute(retry::now));

    assertThat(opened).containsExactly(Context.ROOT);
  }

  @Test
  void later_again_waitsLonger() {
    syncContext.execute(retry::later);
    clock.advance(Duration.ofSeconds(1));
    assertThat(opened).hasSize(1);

    syncContext.execute(retry::later);
    clock.advance(Duration.ofMillis(1599));
    assertThat(opened).hasSize(1);
    clock.advance(Duration.ofMillis(1));
    assertThat(opened).hasSize(2);
  }

  @Test
  void later_afterSuccess_waitsOneSecond() {
    syncContext.execute(retry::later);
    clock.advance(Duration.ofSeconds(1));

    syncContext.execute(retry::succeeded);
    syncContext.execute(retry::later);
    clock.advance(Duration.ofSeconds(1));

    assertThat(opened).hasSize(2);
  }

  @Test
  void cancel_whileItWaits_leavesNoTimer() {
    syncContext.execute(retry::later);

    syncContext.execute(retry::cancel);
    syncContext.execute(retry::cancel);

    assertThat(clock.waiting()).isZero();
  }
}
