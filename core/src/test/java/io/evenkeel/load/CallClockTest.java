package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CallClockTest {
  private final FakeClock clock = new FakeClock();
  private final CallClock calls = new CallClock(clock);

  @Test
  void lastNanos_nobodyReads_stays() {
    clock.advance(Duration.ofSeconds(1));

    assertThat(calls.lastNanos()).isZero();
  }

  @Test
  void lastNanos_read_isThatTime() {
    clock.advance(Duration.ofSeconds(1));

    assertThat(calls.readNanos()).isEqualTo(1_000_000_000);
    assertThat(calls.lastNanos()).isEqualTo(1_000_000_000);
  }

  @Test
  void lastNanos_readWithinAMillisecond_stays() {
    clock.advance(Duration.ofNanos(999_999));

    assertThat(calls.readNanos()).isEqualTo(999_999);
    assertThat(calls.lastNanos()).isZero();
  }
}
