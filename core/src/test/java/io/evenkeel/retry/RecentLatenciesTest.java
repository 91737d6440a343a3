package io.evenkeel.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecentLatenciesTest {
  private final RecentLatencies latencies = new RecentLatencies();

  @Test
  void percentile_tooFewAnswers_isUnknown() {
    add(RecentLatencies.ENOUGH - 1, 1_000_000);

    assertThat(latencies.percentileNanos(95)).isEqualTo(RecentLatencies.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(doubles = {50, 90, 95, 99, 99.9})
  void percentile_manyAnswers_isExactToASixteenth(double percent) {
    Random random = new Random(5);
    long[] nanos = new long[20_000];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (long) (1_000_000 * Math.exp(2 * random.nextGaussian()));
      latencies.add(nanos[i]);
    }
    Arrays.sort(nanos);
    long exact = nanos[(int) Math.ceil(percent / 100 * nanos.length) - 1];

    assertThat(latencies.percentileNanos(percent)).isBetween(exact, exact + exact / 16 + 1);
  }

  @Test
  void percentile_oldAnswers_areForgotten() {
    add(1_000, TimeUnit.SECONDS.toNanos(1));
    for (int window = 0; window < 6; window++) {
      latencies.nextWindow();
    }
    add(100, 1_000_000);

    assertThat(latencies.percentileNanos(99.9)).isLessThan(1_100_000);
  }

  @Test
  void percentile_lastWindows_areRemembered() {
    add(100, 1_000_000);
    latencies.nextWindow();

    assertThat(latencies.percentileNanos(50)).isBetween(1_000_000L, 1_070_000L);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, Long.MAX_VALUE})
  void add_anything_isCounted(long nanos) {
    add(RecentLatencies.ENOUGH, nanos);

    assertThat(latencies.percentileNanos(50)).isPositive();
  }

  private void add(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      latencies.add(nanos);
    }
  }
}
