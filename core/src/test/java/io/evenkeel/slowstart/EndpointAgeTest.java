package io.evenkeel.slowstart;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.slowstart.EndpointAge.Listing;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointAgeTest {
  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");

  @Test
  void whenListed_later_isNew() {
    assertThat(EndpointAge.whenListed(Listing.LATER, Map.of(), NOW)).isZero();
  }

  @Test
  void whenListed_laterAndStartedLongAgo_isNewToTheFleet() {
    assertThat(EndpointAge.whenListed(Listing.LATER, startedAt("2030-01-01T00:00:00Z"), NOW))
        .isZero();
  }

  @Test
  void whenListed_firstAndNothingSaid_isOld() {
    assertThat(EndpointAge.whenListed(Listing.FIRST, Map.of(), NOW))
        .isEqualTo(EndpointAge.OLD_NANOS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2030-01-31T11:59:50Z",
        "2030-01-31T12:59:50+01:00",
        "1896091190",
        "1896091190.25",
        " 1896091190 "
      })
  void whenListed_firstAndStartedTenSecondsAgo_isTenSeconds(String text) {
    assertThat(EndpointAge.whenListed(Listing.FIRST, startedAt(text), NOW))
        .isEqualTo(SECONDS.toNanos(10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "-5",
        "1e9",
        "0x70",
        "2030-01-31",
        "2030-01-31T12:00:01Z",
        "1896091201",
        "1896091190000",
        "999999999999",
        "99999999999999999999999",
        "+999999999-01-01T00:00:00Z",
        "-999999999-01-01T00:00:00Z",
        "0"
      })
  void whenListed_firstAndNonsenseOrFutureOrLongAgo_isOlderThanAnyWindow(String text) {
    assertThat(EndpointAge.whenListed(Listing.FIRST, startedAt(text), NOW))
        .isGreaterThan(SECONDS.toNanos(3600));
  }

  @Test
  void oldNanos_subtractedFromAnyTime_isStillOld() {
    for (long now : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
      long born = now - EndpointAge.OLD_NANOS;

      assertThat(now + SECONDS.toNanos(1_000_000) - born).isGreaterThan(SECONDS.toNanos(3600));
    }
  }

  private static Map<String, String> startedAt(String text) {
    return Map.of(EndpointAge.METADATA_KEY, text);
  }
}
