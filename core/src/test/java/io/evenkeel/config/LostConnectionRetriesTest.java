package io.evenkeel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LostConnectionRetriesTest {
  private static final Map<String, ?> ENGINE = Map.of("evenkeel", Map.of("zone", Map.of()));

  @Test
  void addTo_unavailableIsRetried_soIsUnknownAndTheBalancerKnows() {
    Map<String, ?> added =
        LostConnectionRetries.addTo(config(ENGINE, retries("ABORTED", "UNAVAILABLE")));

    assertThat(added)
        .isEqualTo(
            config(
                Map.of("evenkeel", Map.of("zone", Map.of(), "retryUnknownOnlyIfLost", true)),
                retries("ABORTED", "UNAVAILABLE", "UNKNOWN")));
  }

  @Test
  void addTo_codeIsANumber_isKnown() {
    Map<String, ?> added = LostConnectionRetries.addTo(config(ENGINE, retries(14.0)));

    assertThat(added.get("methodConfig")).isEqualTo(List.of(retries(14.0, "UNKNOWN")));
  }

  @Test
  void addTo_someMethodsRetryUnavailable_theOthersStayAsTheyAre() {
    Map<String, ?> added =
        LostConnectionRetries.addTo(
            config(ENGINE, retries("ABORTED"), retries("UNAVAILABLE"), Map.of("timeout", "1s")));

    assertThat(added.get("methodConfig"))
        .isEqualTo(
            List.of(
                retries("ABORTED"), retries("UNAVAILABLE", "UNKNOWN"), Map.of("timeout", "1s")));
  }

  static List<Arguments> configsToLeaveAlone() {
    Map<String, ?> hedges =
        Map.of("hedgingPolicy", Map.of("nonFatalStatusCodes", List.of("UNKNOWN")));
    return List.of(
        Arguments.of(Map.of()),
        Arguments.of(config(ENGINE)),
        Arguments.of(config(ENGINE, retries("ABORTED"))),
        Arguments.of(config(ENGINE, retries("UNAVAILABLE"), retries("UNKNOWN"))),
        Arguments.of(config(ENGINE, retries("UNAVAILABLE"), retries(2.0))),
        Arguments.of(config(ENGINE, retries("UNAVAILABLE"), hedges)),
        Arguments.of(config(Map.of("pick_first", Map.of()), retries("UNAVAILABLE"))),
        Arguments.of(Map.of("loadBalancingConfig", "nonsense", "methodConfig", List.of(1.0))),
        Arguments.of(config(ENGINE, Map.of("retryPolicy", List.of()))));
  }

  @ParameterizedTest
  @MethodSource("configsToLeaveAlone")
  void addTo_nothingToAdd_isTheSame(Map<String, ?> config) {
    assertThat(LostConnectionRetries.addTo(config)).isSameAs(config);
  }

  private static Map<String, ?> config(Map<String, ?> balancer, Object... methods) {
    return Map.of("loadBalancingConfig", List.of(balancer), "methodConfig", List.of(methods));
  }

  private static Map<String, ?> retries(Object... codes) {
    return Map.of("retryPolicy", Map.of("retryableStatusCodes", List.of(codes)));
  }
}
