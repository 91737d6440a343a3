package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the setters write, without a network. */
final class ChannelBuilderTest {
  private final ChannelBuilder builder =
      Evenkeel.channel("fixed:///127.0.0.1:1,127.0.0.1:2").plaintext();

  @Test
  void serviceConfig_nothingSet_isTheEngineWithItsDefaults() {
    assertThat(builder.serviceConfig())
        .isEqualTo(Map.of("loadBalancingConfig", List.of(Map.of("evenkeel", Map.of()))));
  }

  @Test
  void serviceConfig_policy_isInTheEngine() {
    builder.policy("least_request");

    assertThat(builder.serviceConfig())
        .isEqualTo(lb(Map.of("evenkeel", Map.of("policy", Map.of("least_request", Map.of())))));
  }

  @Test
  void serviceConfig_policyWithConfig_isInTheEngine() {
    builder.policy("least_request", Map.of("choiceCount", 3));

    assertThat(builder.serviceConfig())
        .isEqualTo(
            lb(
                Map.of(
                    "evenkeel",
                    Map.of("policy", Map.of("least_request", Map.of("choiceCount", 3))))));
  }

  @Test
  void serviceConfig_pickFirst_isGrpcsOwn() {
    builder.policy("pick_first", Map.of("shuffleAddressList", true));

    assertThat(builder.serviceConfig())
        .isEqualTo(lb(Map.of("pick_first", Map.of("shuffleAddressList", true))));
  }

  @Test
  void serviceConfig_healthCheck_isThere() {
    builder.healthCheck("orders");

    assertThat(builder.serviceConfig().get("healthCheckConfig"))
        .isEqualTo(Map.of("serviceName", "orders"));
  }

  @Test
  void serviceConfig_retries_areForEveryMethod() {
    RetryPolicy retries = RetryPolicy.onUnavailable(3);
    builder.retries(retries);

    assertThat(builder.serviceConfig().get("methodConfig"))
        .isEqualTo(
            List.of(Map.of("name", List.of(Map.of()), "retryPolicy", retries.toServiceConfig())));
  }

  @Test
  void serviceConfig_ofTheUser_isKept() {
    builder.serviceConfig(Map.of("retryThrottling", Map.of("maxTokens", 10.0, "tokenRatio", 0.1)));

    assertThat(builder.serviceConfig()).containsOnlyKeys("retryThrottling", "loadBalancingConfig");
  }

  @Test
  void serviceConfig_usersLoadBalancing_staysWithoutAPolicy() {
    Map<String, ?> given = lb(Map.of("round_robin", Map.of()));

    builder.serviceConfig(given);

    assertThat(builder.serviceConfig()).isEqualTo(given);
  }

  @Test
  void serviceConfig_policySet_winsOverTheUsers() {
    builder.serviceConfig(lb(Map.of("round_robin", Map.of()))).policy("random");

    assertThat(builder.serviceConfig())
        .isEqualTo(lb(Map.of("evenkeel", Map.of("policy", Map.of("random", Map.of())))));
  }

  @Test
  void build_misspeltPolicy_failsNamingTheNearest() {
    builder.policy("round_robbin");

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "target \"fixed:///127.0.0.1:1,127.0.0.1:2\": evenkeel.policy: "
                + "unknown policy \"round_robbin\" (did you mean \"round_robin\"?)");
  }

  @Test
  void build_badSetting_failsNamingTheField() {
    builder.policy("least_request", Map.of("choiceCount", 1));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "evenkeel.policy.least_request.choiceCount: 1 (expected: a whole number 2..100)");
  }

  @Test
  void build_badServiceConfigOfTheUser_fails() {
    builder.serviceConfig(lb(Map.of("evenkeel", Map.of("polcy", Map.of()))));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evenkeel.polcy: unknown field (did you mean \"policy\"?)");
  }

  @Test
  void build_badServiceConfigOfGrpc_fails() {
    builder.serviceConfig(lb(Map.of("no_such_policy", Map.of())));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no_such_policy");
  }

  @Test
  void build_unknownScheme_failsNamingTheTarget() {
    assertThatThrownBy(() -> Evenkeel.channel("nosuch://host/service").plaintext().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nosuch://host/service");
  }

  @Test
  void durations_notPositive_areRefused() {
    assertThatThrownBy(() -> builder.defaultDeadline(Duration.ZERO))
        .hasMessage("defaultDeadline: PT0S (expected: longer than zero)");
    assertThatThrownBy(() -> builder.keepAlive(Duration.ofSeconds(-1), Duration.ofSeconds(1)))
        .hasMessage("time: PT-1S (expected: longer than zero)");
    assertThatThrownBy(() -> builder.keepAlive(Duration.ofSeconds(1), Duration.ZERO))
        .hasMessage("timeout: PT0S (expected: longer than zero)");
  }

  private static Map<String, ?> lb(Map<String, ?> choice) {
    return Map.of("loadBalancingConfig", List.of(choice));
  }
}
