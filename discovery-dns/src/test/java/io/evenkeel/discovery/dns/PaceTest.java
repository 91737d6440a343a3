package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.dns.DnsSettings.Family;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  private static final DnsSettings DEFAULTS = settings(Duration.ZERO);

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "30,30", "300,300", "301,300", "315360000,300"})
  void waitNanos_answer_goesByItsTtlWithinBounds(long ttl, long seconds) {
    assertThat(new Pace(DEFAULTS, () -> 0).waitNanos(records(ttl)))
        .isEqualTo(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void waitNanos_answer_isUpToATenthEarlierAndNeverLate() {
    assertThat(new Pace(DEFAULTS, () -> 0.999999).waitNanos(records(100)))
        .isBetween(Duration.ofSeconds(90).toNanos(), Duration.ofMillis(90_001).toNanos());
  }

  @Test
  void waitNanos_interval_overridesTtl() {
    Pace pace = new Pace(settings(Duration.ofSeconds(7)), () -> 0);

    assertThat(pace.waitNanos(records(60))).isEqualTo(Duration.ofSeconds(7).toNanos());
    assertThat(pace.waitNanos(missing(60))).isEqualTo(Duration.ofSeconds(7).toNanos());
    assertThat(pace.waitNanos(missing(-1))).isEqualTo(Duration.ofSeconds(7).toNanos());
  }

  @ParameterizedTest
  @CsvSource({"0,1", "5,5", "3600,30"})
  void waitNanos_missingName_goesByItsZoneWithinBounds(long minimum, long seconds) {
    assertThat(new Pace(DEFAULTS, () -> 0).waitNanos(missing(minimum)))
        .isEqualTo(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void waitNanos_failures_growUpToABoundAndBeginAnew() {
    Pace pace = new Pace(DEFAULTS, () -> 0.5);

    assertThat(pace.waitNanos(Seen.failed("x"))).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(pace.waitNanos(missing(-1))).isEqualTo(Duration.ofMillis(1600).toNanos());
    for (int i = 0; i < 20; i++) {
      pace.waitNanos(Seen.failed("x"));
    }
    assertThat(pace.waitNanos(Seen.failed("x"))).isEqualTo(Pace.MAX_BACKOFF.toNanos());
    pace.waitNanos(records(60));
    assertThat(pace.waitNanos(Seen.failed("x"))).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void waitNanos_incomplete_isSoonerThanTheTtl() {
    Seen incomplete =
        new Seen(Outcome.RECORDS, null, List.of(), List.of("AAAA"), seconds(60), false);

    assertThat(new Pace(DEFAULTS, () -> 0.5).waitNanos(incomplete))
        .isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  private static Seen records(long ttl) {
    return new Seen(Outcome.RECORDS, null, List.of(), List.of(), seconds(ttl), true);
  }

  private static Seen missing(long ttl) {
    long nanos = ttl < 0 ? Reply.NO_TTL : seconds(ttl);
    return Seen.none(Outcome.NO_SUCH_NAME, List.of("no"), nanos);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }

  private static DnsSettings settings(Duration interval) {
    return new DnsSettings(interval, DnsSettings.MIN_TTL, DnsSettings.MAX_TTL, Family.ANY, false);
  }
}
