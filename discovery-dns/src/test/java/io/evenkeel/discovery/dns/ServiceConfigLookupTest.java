package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.dns.ServiceConfigLookup.Found;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigLookupTest {
  private static final String NAME = "_grpc_config.orders.test";
  private static final String QUESTION = "TXT " + NAME;

  private final ScriptedDns dns = new ScriptedDns();
  private final ServiceConfigLookup lookup = new ServiceConfigLookup(() -> 0.5, () -> "host-7");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'serviceConfig':{'a':1}}|{a=1.0}",
        "{'clientLanguage':['go'],'serviceConfig':{'a':1}},{'serviceConfig':{'b':1}}|{b=1.0}",
        "{'clientLanguage':['go','Java'],'serviceConfig':{'a':1}}|{a=1.0}",
        "{'percentage':50,'serviceConfig':{'a':1}},{'serviceConfig':{'b':1}}|{b=1.0}",
        "{'percentage':51,'serviceConfig':{'a':1}}|{a=1.0}",
        "{'percentage':0,'serviceConfig':{'a':1}}|null",
        "{'clientHostname':['host-8'],'serviceConfig':{'a':1}}|null",
        "{'clientHostname':['host-7'],'serviceConfig':{'a':1}}|{a=1.0}"
      })
  void look_choices_takesTheFirstThatFits(String choices, String config) throws Exception {
    publish("[" + choices + "]");

    Found found = look();

    assertThat(String.valueOf(found.config())).isEqualTo(config);
    assertThat(found.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{|malformed JSON",
        "{'serviceConfig':{}}|not a JSON list of choices",
        "[{}] x|malformed JSON",
        "[{}]|serviceConfig: null (expected: an object)",
        "[7]|choice: 7.0 (expected: an object)",
        "[{'percentage':101,'serviceConfig':{}}]|percentage: 101.0 (expected: 0..100)",
        "[{'percentage':'half','serviceConfig':{}}]|percentage: half (expected: 0..100)",
        "[{'clientLanguage':'java','serviceConfig':{}}]|clientLanguage: java (expected: a list"
      })
  void look_malformed_isAProblemAndKeepsTheLastGood(String json, String why) throws Exception {
    publish("[{'serviceConfig':{'a':1}}]");
    look();

    publish(json);
    Found found = look();

    assertThat(found.problems()).hasSize(1);
    assertThat(found.problems().get(0)).contains(why).endsWith("; the last one stays in use");
    assertThat(found.config()).hasToString("{a=1.0}");
  }

  @Test
  void look_nameServerSilent_keepsTheLastGood() throws Exception {
    publish("[{'serviceConfig':{'a':1}}]");
    look();

    dns.fail(QUESTION, Outcome.SILENCE);

    assertThat(look().config()).hasToString("{a=1.0}");
  }

  @Test
  void look_recordsRemoved_removesTheConfig() throws Exception {
    publish("[{'serviceConfig':{'a':1}}]");
    look();

    dns.zone.remove(NAME);

    assertThat(look()).isEqualTo(new Found(null, List.of()));
  }

  @Test
  void look_otherTxtRecords_arePassedOver() throws Exception {
    dns.zone.txt(NAME, List.of("v=spf1 -all"));
    publishToo("[{'serviceConfig':{'a':1}}]");

    assertThat(look().config()).hasToString("{a=1.0}");
  }

  private void publish(String json) {
    dns.zone.remove(NAME);
    publishToo(json);
  }

  private void publishToo(String json) {
    dns.zone.txt(NAME, List.of("grpc_config=" + json.replace('\'', '"')));
  }

  private Found look() throws Exception {
    lookup.prepare();
    return lookup.look(Zone.name("orders.test"), dns).join();
  }
}
