package io.evenkeel.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceConfigLinterTest {
  private static final String RETRY =
      "'initialBackoff':'0.1s','maxBackoff':'1s','backoffMultiplier':2,";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'loadBalancingConfig':[{'evenkeel':{}},{'round_robin':{}}]}",
        "{'loadBalancingConfig':[{'of_another_client':{}},{'pick_first':{'shuffleAddressList':true}}]}",
        "{'healthCheckConfig':{'serviceName':''}}",
        "{'retryThrottling':{'maxTokens':10,'tokenRatio':0.1}}",
        "{'methodConfig':[{'name':[{}],'timeout':'1.5s','waitForReady':true}]}",
        "{'methodConfig':[{'name':[{'service':'a.B'},{'service':'a.B','method':'C'}]}]}",
        "{'methodConfig':[{'name':[{}],'retryPolicy':{"
            + RETRY
            + "'maxAttempts':'3','retryableStatusCodes':['UNAVAILABLE',4]}}]}",
        "{'methodConfig':[{'name':[{}],'hedgingPolicy':{'maxAttempts':3,'hedgingDelay':'0s'}}]}"
      })
  void check_validConfig_findsNothing(String json) {
    assertThat(check(json)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'methodConfigs':[]} | /methodConfigs | did you mean",
        "{'methodConfig':{}} | /methodConfig | expected: a list",
        "{'methodConfig':[{}]} | /methodConfig/0 | has no name",
        "{'methodConfig':[{'name':[]}]} | /methodConfig/0 | has no name",
        "{'methodConfig':[{'name':[{'method':'x'}]}]} | /methodConfig/0/name/0 | no service",
        "{'methodConfig':[{'name':[{}]},{'name':[{}]}]} | /methodConfig/1/name/0 | again",
        "{'methodConfig':[{'name':[{}],'timeout':'1'}]} | /methodConfig/0/timeout | 0.1s",
        "{'methodConfig':[{'name':[{}],'timeout':1}]} | /methodConfig/0/timeout | 0.1s",
        "{'methodConfig':[{'name':[{}],'waitForReady':'yes'}]} | /methodConfig/0/waitForReady | true",
        "{'healthCheckConfig':{'serviceNme':''}} | /healthCheckConfig/serviceNme | serviceName",
        "{'healthCheckConfig':{'serviceName':1}} | /healthCheckConfig/serviceName | expected: text",
        "{'retryThrottling':{'maxTokens':0,'tokenRatio':1}} | /retryThrottling/maxTokens | above 0",
        "{'retryThrottling':{'maxTokens':1}} | /retryThrottling | tokenRatio",
        "{'loadBalancingPolicy':'round_robin'} | /loadBalancingPolicy | deprecated",
        "{'loadBalancingConfig':[]} | /loadBalancingConfig | at least one",
        "{'loadBalancingConfig':[{'evenkel':{}}]} | /loadBalancingConfig/0 | evenkeel",
        "{'loadBalancingConfig':[{'a':{},'b':{}}]} | /loadBalancingConfig/0 | one field",
        "{'loadBalancingConfig':[{'round_robin':{'x':1}}]} | /loadBalancingConfig/0/round_robin/x | unknown",
        "{'loadBalancingConfig':[{'evenkeel':{'polcy':{}}}]} | /loadBalancingConfig/0/evenkeel | policy",
        "{'a/b~c':1} | /a~1b~0c | unknown field",
        "[] | '' | expected: an object",
        "nonsense | '' | not JSON",
        "{'a':1,} | '' | not JSON"
      })
  void check_oneMistake_pointsAtIt(String json, String pointer, String message) {
    List<Finding> findings = check(json);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).pointer()).isEqualTo(pointer.equals("''") ? "" : pointer);
    assertThat(findings.get(0).message()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'maxAttempts':1,'retryableStatusCodes':['UNAVAILABLE'] | /maxAttempts | at least 2",
        "'maxAttempts':2.5,'retryableStatusCodes':['UNAVAILABLE'] | /maxAttempts | whole number",
        "'maxAttempts':9,'retryableStatusCodes':['UNAVAILABLE'] | /maxAttempts | counts as 5",
        "'maxAttempts':3,'retryableStatusCodes':[] | /retryableStatusCodes | at least one",
        "'maxAttempts':3,'retryableStatusCodes':['OK'] | /retryableStatusCodes/0 | other than OK",
        "'maxAttempts':3,'retryableStatusCodes':['UNAVAILBLE'] | /retryableStatusCodes/0 | UNAVAILABLE",
        "'maxAttempts':3 | '' | retryableStatusCodes"
      })
  void check_retryPolicyMistake_pointsAtIt(String fields, String pointer, String message) {
    String json = "{'methodConfig':[{'name':[{}],'retryPolicy':{" + RETRY + fields + "}}]}";

    List<Finding> findings = check(json);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).pointer())
        .isEqualTo("/methodConfig/0/retryPolicy" + pointer.replace("''", ""));
    assertThat(findings.get(0).message()).contains(message);
  }

  @Test
  void check_severalMistakes_findsAll() {
    List<Finding> findings = check("{'x':1,'methodConfig':[{'timeout':'bad'}]}");

    assertThat(findings)
        .extracting(Finding::pointer)
        .containsExactlyInAnyOrder("/x", "/methodConfig/0/timeout", "/methodConfig/0");
  }

  private static List<Finding> check(String json) {
    return ServiceConfigLinter.check(json.replace('\'', '"'));
  }
}
