package io.evenkeel.backoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {
  private static final double MIDDLE = 0.5;

  @Test
  void nextNanos_failureAfterFailure_growsUpToItsBound() {
    Backoff backoff = new Backoff(Duration.ofSeconds(4), () -> MIDDLE);

    assertThat(millis(backoff, 6)).containsExactly(1000, 1600, 2560, 4000, 4000, 4000);
  }

  @ParameterizedTest
  @CsvSource({"0, 800", "0.5, 1000", "1, 1200"})
  void nextNanos_chance_spreadsByTwentyPercent(double drawn, long millis) {
    Backoff backoff = new Backoff(Duration.ofMinutes(2), () -> drawn);

    assertThat(millis(backoff, 1)).containsExactly(millis);
  }

  @Test
  void reset_afterFailures_beginsAnew() {
    Backoff backoff = new Backoff(Duration.ofMinutes(2), () -> MIDDLE);
    millis(backoff, 5);

    backoff.reset();

    assertThat(millis(backoff, 2)).containsExactly(1000, 1600);
  }

  private static long[] millis(Backoff backoff, int waits) {
    return LongStream.generate(backoff::nextNanos)
        .limit(waits)
        .map(nanos -> Math.round(nanos / 1e6))
        .toArray();
  }
}
