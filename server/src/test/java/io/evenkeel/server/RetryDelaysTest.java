package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryDelaysTest {
  private static final double MIDDLE = 0.5;

  @ParameterizedTest
  @CsvSource({"1,100", "2,200", "3,400", "7,6400", "8,10000", "1000000,10000"})
  void nanosAfter_middleOfTheJitter_doublesUpToTenSeconds(int attempt, long millis) {
    RetryDelays delays = new RetryDelays(always(MIDDLE));

    assertThat(delays.nanosAfter(attempt)).isEqualTo(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void nanosAfter_ends_areTwentyPercentApart() {
    assertThat(new RetryDelays(always(0)).nanosAfter(1)).isEqualTo(80_000_000);
    assertThat(new RetryDelays(always(1)).nanosAfter(1)).isEqualTo(120_000_000);
  }

  private static Random always(double value) {
    return new Random() {
      @Override
      public double nextDouble() {
        return value;
      }
    };
  }
}
