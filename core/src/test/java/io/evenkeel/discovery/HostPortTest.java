package io.evenkeel.discovery;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:80", "[::1]:80", "[2001:db8::7]:65535"})
  void parse_literal_needsNoLookup(String text) {
    InetSocketAddress address = HostPort.parse(text);

    assertThat(address.isUnresolved()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:80", "a_b.example:80", "orders-1.example.:80", "7seas:80"})
  void parse_hostName_staysUnresolved(String text) {
    InetSocketAddress address = HostPort.parse(text);

    assertThat(address.isUnresolved()).isTrue();
    assertThat(HostPort.format(address)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "orders|has no port",
        "[::1]|has no port",
        "::1:80|an IPv6 address needs brackets",
        "orders:0|port 0",
        "orders:65536|is malformed",
        "orders:http|is malformed",
        "10.0.0.256:80|neither a host name nor an IP address",
        "1.2.3:80|neither a host name nor an IP address",
        ":80|neither a host name nor an IP address",
        "a b:80|neither a host name nor an IP address",
        "a/b:80|neither a host name nor an IP address"
      })
  void parse_malformed_saysWhatIsWrongAndWhatWasExpected(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPort.parse(text))
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining(why)
        .withMessageContaining("host:port, such as 10.0.0.1:8080");
  }

  @Test
  void format_ipv6_putsBrackets() {
    assertThat(HostPort.format(HostPort.parse("[0:0:0:0:0:0:0:1]:80")))
        .isIn("[::1]:80", "[0:0:0:0:0:0:0:1]:80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a|a:7",
        "a:1,b:2|a:1,b:2",
        "a,b:2|a:2,b:2",
        "a:1,b|a:1,b:7",
        "[::1],10.0.0.1:2|[0:0:0:0:0:0:0:1]:2,10.0.0.1:2",
      })
  void parseAll_memberWithoutAPort_hasTheLastOnesOrTheDefault(String text, String expected) {
    List<InetSocketAddress> members = HostPort.parseAll(text, 7);

    assertThat(members.stream().map(HostPort::format).collect(joining(","))).isEqualTo(expected);
  }

  @Test
  void parseAll_emptyMember_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parseAll("a,,b:1", 7));
  }
}
