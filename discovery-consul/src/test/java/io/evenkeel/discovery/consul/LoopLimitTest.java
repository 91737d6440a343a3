package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLimitTest {
  private long nowNanos = Long.MAX_VALUE - 5; // of a clock about to wrap
  private final LoopLimit limit = new LoopLimit(() -> nowNanos);

  @Test
  void waitNanos_burst_isLimitedToOneASecond() {
    assertThat(turns(4)).containsExactly(0, 0, 1000, 2000);
  }

  @Test
  void waitNanos_oneASecond_neverWaits() {
    for (int i = 0; i < 10; i++) {
      assertThat(limit.waitNanos()).isZero();
      nowNanos += TimeUnit.SECONDS.toNanos(1);
    }
  }

  @Test
  void waitNanos_afterALongRest_isNoLongerBurst() {
    turns(3);
    nowNanos += TimeUnit.HOURS.toNanos(1);

    assertThat(turns(4)).containsExactly(0, 0, 1000, 2000);
  }

  /** Waits in milliseconds of so many turns at once. */
  private long[] turns(int count) {
    long[] waits = new long[count];
    for (int i = 0; i < count; i++) {
      waits[i] = TimeUnit.NANOSECONDS.toMillis(limit.waitNanos());
    }
    return waits;
  }
}
