package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BalancerConfigTest {

  @Test
  void parse_empty_isRoundRobin() {
    BalancerConfig config = BalancerConfig.parse(Map.of());

    assertThat(config.policy().name()).isEqualTo("round_robin");
    assertThat(config.healthTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config).isEqualTo(BalancerConfig.DEFAULT);
  }

  @Test
  void parse_policyWithSettings_isRead() {
    BalancerConfig config =
        BalancerConfig.parse(Map.of("policy", Map.of("least_request", Map.of("choiceCount", "3"))));

    assertThat(config.policy().name()).isEqualTo("least_request");
  }

  @Test
  void parse_misspeltPolicy_namesTheNearest() {
    assertRefused(
        Map.of("policy", Map.of("least_requests", Map.of())),
        "evenkeel.policy: unknown policy \"least_requests\" (did you mean \"least_request\"?)");
  }

  @Test
  void parse_pickFirst_saysWhereItBelongs() {
    assertRefused(
        Map.of("policy", Map.of("pick_first", Map.of())),
        "evenkeel.policy: unknown policy \"pick_first\" (it is grpc-java's own: "
            + "write {\"pick_first\": {}} in place of the evenkeel object)");
  }

  @Test
  void parse_twoPolicies_namesBoth() {
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("random", Map.of());
    both.put("round_robin", Map.of());

    assertRefused(
        Map.of("policy", both), "evenkeel.policy: random, round_robin (expected: one policy)");
  }

  @Test
  void parse_policyAsText_isRefused() {
    assertRefused(Map.of("policy", "random"), "evenkeel.policy: \"random\" (expected: an object)");
  }

  @Test
  void parse_settingsAsList_areRefused() {
    assertRefused(
        Map.of("policy", Map.of("random", List.of())),
        "evenkeel.policy.random: [] (expected: an object)");
  }

  @Test
  void parse_unknownField_namesTheNearest() {
    assertRefused(
        Map.of("polcy", Map.of()), "evenkeel.polcy: unknown field (did you mean \"policy\"?)");
  }

  @Test
  void parse_unknownSetting_namesTheNearest() {
    assertRefused(
        Map.of("policy", Map.of("least_request", Map.of("choicecount", 2))),
        "evenkeel.policy.least_request.choicecount: unknown field "
            + "(did you mean \"choiceCount\"?)");
  }

  @Test
  void parse_settingOfAPolicyWithoutAny_isRefused() {
    assertRefused(
        Map.of("policy", Map.of("random", Map.of("seed", 5))),
        "evenkeel.policy.random.seed: unknown field (expected: no field at all)");
  }

  @Test
  void parse_healthTimeout_isRead() {
    BalancerConfig config = BalancerConfig.parse(Map.of("health", Map.of("timeout", "0.2s")));

    assertThat(config.healthTimeout()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void parse_healthTimeoutOutOfRange_isRefused() {
    assertRefused(
        Map.of("health", Map.of("timeout", "601s")),
        "evenkeel.health.timeout: \"601s\" (expected: a duration such as \"10s\" or \"0.5s\", "
            + "from \"0.01s\" to \"600.0s\")");
  }

  @Test
  void parse_maxConcurrentConnects_isRead() {
    BalancerConfig config = BalancerConfig.parse(Map.of("connect", Map.of("maxConcurrent", 7.0)));

    assertThat(config.maxConcurrentConnects()).isEqualTo(7);
    assertThat(BalancerConfig.DEFAULT.maxConcurrentConnects()).isEqualTo(100);
  }

  @Test
  void parse_noConnectAtAll_isRefused() {
    assertRefused(
        Map.of("connect", Map.of("maxConcurrent", 0)),
        "evenkeel.connect.maxConcurrent: 0 (expected: a whole number 1..100000)");
  }

  @Test
  void provider_badConfig_isAnInvalidArgument() {
    ConfigOrError parsed =
        new EvenkeelBalancerProvider().parseLoadBalancingPolicyConfig(Map.of("polcy", 1));

    assertThat(parsed.getConfig()).isNull();
    assertThat(parsed.getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(parsed.getError().getDescription())
        .isEqualTo("evenkeel.polcy: unknown field (did you mean \"policy\"?)");
  }

  @Test
  void provider_goodConfig_isParsed() {
    ConfigOrError parsed = new EvenkeelBalancerProvider().parseLoadBalancingPolicyConfig(Map.of());

    assertThat(parsed.getError()).isNull();
    assertThat(parsed.getConfig()).isEqualTo(BalancerConfig.DEFAULT);
  }

  private static void assertRefused(Map<String, ?> json, String message) {
    assertThatThrownBy(() -> BalancerConfig.parse(json))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }
}
