package io.evenkeel.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.outlier.OutlierConfig.FailurePercentage;
import io.evenkeel.outlier.OutlierConfig.LatencyFactor;
import io.evenkeel.outlier.OutlierConfig.SuccessRate;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What service config may say of outliers, and what it must not. */
final class OutlierConfigTest {

  @Test
  void parse_nothing_isEmpty() {
    assertThat(OutlierConfig.parse(new ConfigReader("evenkeel", Map.of()))).isEmpty();
  }

  @Test
  void parse_emptyObject_hasTheDefaults() {
    assertThat(parse(Map.of()))
        .isEqualTo(
            new OutlierConfig(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(300),
                10,
                10,
                5,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(
                    Status.Code.UNAVAILABLE,
                    Status.Code.UNKNOWN,
                    Status.Code.INTERNAL,
                    Status.Code.DEADLINE_EXCEEDED)));
  }

  @Test
  void parse_emptyRules_haveTheirDefaults() {
    OutlierConfig config =
        parse(Map.of("successRate", Map.of(), "failurePercentage", Map.of(), "latency", Map.of()));

    assertThat(config.successRate()).contains(new SuccessRate(1900, 100, 5, 100));
    assertThat(config.failurePercentage()).contains(new FailurePercentage(85, 100, 5, 50));
    assertThat(config.latency()).contains(new LatencyFactor(3, 100, 5, 20));
  }

  @Test
  void parse_statuses_replaceTheDefault() {
    OutlierConfig config = parse(Map.of("failureStatuses", List.of("RESOURCE_EXHAUSTED")));

    assertThat(config.failureStatuses()).containsExactly(Status.Code.RESOURCE_EXHAUSTED);
  }

  @ParameterizedTest
  @CsvSource({
    "maxEjectionPercentage, maxEjectionPercent",
    "consecutiveFailure, consecutiveFailures",
    "baseEjectiontime, baseEjectionTime",
    "succesRate, successRate"
  })
  void parse_misspelt_isRefusedWithTheNearestName(String field, String meant) {
    assertThatThrownBy(() -> parse(Map.of(field, 1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("evenkeel.outlier." + field + ": unknown field")
        .hasMessageContaining("\"" + meant + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "interval, 0.001s",
    "interval, 601s",
    "interval, 10",
    "baseEjectionTime, 0s",
    "baseEjectionTime, -1s",
    "maxEjectionTime, 3601s",
    "maxEjectionPercent, 101",
    "maxEjectionPercent, -1",
    "jitterPercent, 51",
    "consecutiveFailures, -1",
    "consecutiveFailures, 2.5"
  })
  void parse_outOfRange_isRefusedWithTheField(String field, String value) {
    assertThatThrownBy(() -> parse(Map.of(field, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("evenkeel.outlier." + field + ": \"" + value + "\"")
        .hasMessageContaining("expected");
  }

  @ParameterizedTest
  @CsvSource({
    "successRate, stdevFactor, -1",
    "successRate, enforcementPercentage, 101",
    "successRate, minimumHosts, -1",
    "failurePercentage, threshold, 101",
    "failurePercentage, requestVolume, -1",
    "latency, factor, 1",
    "latency, enforcementPercentage, -1"
  })
  void parse_ruleOutOfRange_isRefusedWithTheField(String rule, String field, int value) {
    assertThatThrownBy(() -> parse(Map.of(rule, Map.of(field, value))))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("evenkeel.outlier." + rule + "." + field + ": " + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OK", "CANCELLED", "unavailable", "NONSENSE"})
  void parse_statusThatCannotBe_isRefused(String name) {
    assertThatThrownBy(() -> parse(Map.of("failureStatuses", List.of(name))))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("evenkeel.outlier.failureStatuses: \"" + name + "\"");
  }

  private static OutlierConfig parse(Map<String, ?> outlier) {
    ConfigReader evenkeel = new ConfigReader("evenkeel", Map.of("outlier", outlier));
    OutlierConfig config = OutlierConfig.parse(evenkeel).orElseThrow();
    evenkeel.rejectUnknownFields();
    return config;
  }
}
