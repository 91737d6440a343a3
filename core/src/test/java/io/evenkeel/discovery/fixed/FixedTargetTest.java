package io.evenkeel.discovery.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.Authority;
import io.evenkeel.discovery.EndpointSet;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedTargetTest {

  @ParameterizedTest
  @ValueSource(strings = {"fixed:///10.0.0.1:1,b.example:2", "fixed:10.0.0.1:1,b.example:2"})
  void parse_twoEntries_keepsTheirOrder(String target) {
    EndpointSet set = FixedTarget.parse(URI.create(target));

    assertThat(set.endpoints())
        .extracting(Endpoint::id)
        .containsExactly("10.0.0.1:1", "b.example:2");
    assertThat(set.authority()).isEqualTo(Authority.ENDPOINT);
  }

  @Test
  void parse_settings_belongToTheirEntry() {
    EndpointSet set =
        FixedTarget.parse(URI.create("fixed:///a:1;weight=9;zone=z1;priority=2;id=first,b:2"));

    Endpoint first = set.endpoints().get(0);
    assertThat(first.id()).isEqualTo("first");
    assertThat(first.weight()).isEqualTo(9);
    assertThat(first.zone()).isEqualTo("z1");
    assertThat(first.priority()).isEqualTo(2);
    assertThat(set.endpoints().get(1).weight()).isEqualTo(Endpoint.DEFAULT_WEIGHT);
  }

  @Test
  void parse_escapedIpv6_isAnAddress() {
    EndpointSet set = FixedTarget.parse(URI.create("fixed:///%5B::1%5D:80,%5B::2%5D:81"));

    assertThat(set.endpoints()).hasSize(2);
    assertThat(set.endpoints().get(0).displayAddress()).isEqualTo("[0:0:0:0:0:0:0:1]:80");
  }

  @Test
  void parse_sameEntryTwice_countsOnce() {
    EndpointSet set = FixedTarget.parse(URI.create("fixed:///a:1,a:1"));

    assertThat(set.endpoints()).hasSize(1);
    assertThat(set.problems()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed:///a:1,b|entry \"b\": \"b\": has no port",
        "fixed:///a:1,,b:2|entry \"\": \"\": has no port",
        "fixed:///a:1;wieght=9|entry \"a:1;wieght=9\": wieght: unknown field (did you mean \"weight\"?)",
        "fixed:///a:1;weight=-1|entry \"a:1;weight=-1\": weight: \"-1\"",
        "fixed:///a:1;weight|\"weight\" (expected: name=value, such as weight=9)",
        "fixed:///a:1;zone=x;zone=y|\"zone\" is given twice",
        "fixed:///|lists no endpoint",
        "fixed://a:1,b:2|the list begins after three slashes, not two",
        "fixed:///a:1?weight=9|'?' and '#' mean nothing here"
      })
  void parse_malformed_quotesTheEntryAndGivesAnExample(String target, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedTarget.parse(URI.create(target)))
        .withMessageContaining(message)
        .withMessageContaining("target \"" + target + "\"")
        .withMessageEndingWith("(example: fixed:///10.0.0.1:8080;weight=9,10.0.0.2:8080)");
  }
}
