package io.evenkeel.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueTypeTest {
  private static final ValueType<Duration> DURATION = ValueType.duration(Duration.ZERO);

  @ParameterizedTest
  @CsvSource({"0s,0", "500ms,500", "1.5s,1500", "30s,30000", "5m,300000", "1h,3600000"})
  void duration_wellFormed_isRead(String text, long millis) {
    assertThat(DURATION.parser().parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "1e9s", "5 s", "5min", "1s1s", "٣s", "9999999999s"})
  void duration_malformed_isRefused(String text) {
    assertThat(DURATION.parser().parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"999999999h", "8761h"})
  void duration_longerThanAYear_isOutOfRange(String text) {
    assertThat(DURATION.parser().parse(text))
        .hasValueSatisfying(v -> assertThat(DURATION.valid().test(v)).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536"})
  void number_outOfRange_isRefused(String text) {
    ValueType<Integer> port = ValueType.number(0, 65_535);

    assertThat(port.parser().parse(text))
        .hasValueSatisfying(v -> assertThat(port.valid().test(v)).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.0", "0x10", "99999999999", "ten"})
  void number_malformed_isRefused(String text) {
    assertThat(ValueType.number(0, 10).parser().parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"=b", "a", "a=1,b"})
  void pairs_malformed_isRefused(String text) {
    assertThat(ValueType.pairs().parser().parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/scheme", "name"})
  void uris_withoutScheme_areRefused(String text) {
    assertThat(ValueType.uris().parser().parse(text))
        .hasValueSatisfying(v -> assertThat(ValueType.uris().valid().test(v)).isFalse());
  }
}
