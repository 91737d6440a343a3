package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetQueryTest {

  @Test
  void getters_settingsThere_readThem() {
    TargetQuery query = query("?a=x%26y+z&b=true&c=7&d=50%25&e=20ms&f=10m");

    assertThat(query.stringValue("a", "")).isEqualTo("x&y+z");
    assertThat(query.booleanValue("b", false)).isTrue();
    assertThat(query.intValue("c", 1, 0, 9)).isEqualTo(7);
    assertThat(query.percentValue("d", 0)).isEqualTo(50);
    assertThat(duration(query, "e")).isEqualTo(Duration.ofMillis(20));
    assertThat(duration(query, "f")).isEqualTo(Duration.ofMinutes(10));
    query.rejectUnknown();
  }

  @ParameterizedTest
  @CsvSource({"''", "?"})
  void getters_nothingThere_giveTheDefaults(String text) {
    TargetQuery query = query(text);

    assertThat(query.stringValue("a", "x")).isEqualTo("x");
    assertThat(query.booleanValue("b", true)).isTrue();
    assertThat(query.intValue("c", 5, 0, 9)).isEqualTo(5);
    assertThat(query.percentValue("d", 50)).isEqualTo(50);
    assertThat(duration(query, "e")).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({"yes", "TRUE", "1"})
  void booleanValue_anythingElse_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query("?a=" + value).booleanValue("a", false))
        .withMessage("?a: \"" + value + "\" (expected: true or false)");
  }

  @ParameterizedTest
  @CsvSource({"-1", "10", "1.5", "x", "''", "99999999999"})
  void intValue_outsideOrNoNumber_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query("?a=" + value).intValue("a", 1, 0, 9))
        .withMessage("?a: \"" + value + "\" (expected: a whole number 0..9)");
  }

  @ParameterizedTest
  @CsvSource({"50", "101%25", "-1%25"})
  void percentValue_noPercentage_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query("?a=" + value).percentValue("a", 1))
        .withMessageContaining("0%..100%");
  }

  @ParameterizedTest
  @CsvSource({"5", "5 s", "-5s", "0.5s", "2h", "1ms"})
  void durationValue_malformedOrOutside_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> duration(query("?a=" + value.replace(" ", "%20")), "a"))
        .withMessage(
            "?a: \""
                + value
                + "\" (expected: a duration such as 20ms, 5s or 10m, from 10ms to 3600s)");
  }

  @Test
  void rejectUnknown_misspelt_namesTheNearest() {
    TargetQuery query = query("?intervall=5s");
    query.stringValue("interval", "");

    assertThatIllegalArgumentException()
        .isThrownBy(query::rejectUnknown)
        .withMessage("?intervall: unknown setting (did you mean \"interval\"?)");
  }

  @ParameterizedTest
  @CsvSource({"?a=1&a=2, set twice", "?a=1&%61=2, set twice", "?a, name=value", "?=1, name=value"})
  void of_malformed_isRefused(String text, String why) {
    assertThatIllegalArgumentException().isThrownBy(() -> query(text)).withMessageContaining(why);
  }

  private static Duration duration(TargetQuery query, String name) {
    return query.durationValue(
        name, Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofHours(1));
  }

  private static TargetQuery query(String text) {
    return TargetQuery.of(URI.create("etcd://h:1/orders" + text));
  }
}
