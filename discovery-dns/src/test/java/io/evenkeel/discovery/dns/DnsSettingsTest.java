package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.discovery.dns.DnsSettings.Family;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsSettingsTest {

  @Test
  void of_noQuery_hasDefaults() {
    assertThat(DnsSettings.of(URI.create("dns+refresh:///a:1")))
        .isEqualTo(
            new DnsSettings(
                Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(5), Family.ANY, false));
  }

  @Test
  void of_everyParameter_isTaken() {
    String query = "?interval=10s&minTtl=2s&maxTtl=1h&family=ipv6&txt=true";

    assertThat(DnsSettings.of(URI.create("dns+refresh:///a:1" + query)))
        .isEqualTo(
            new DnsSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofHours(1),
                Family.IPV6,
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "interval=100ms|interval",
        "interval=soon|interval",
        "maxTtl=48h|maxTtl",
        "minTtl=10m|?minTtl: PT10M is more than ?maxTtl, PT5M",
        "family=ipv5|?family: \"ipv5\" (expected: any, ipv4 or ipv6)",
        "txt=on|txt",
        "intervall=5s|interval"
      })
  void of_wrong_isRefusedByName(String query, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsSettings.of(URI.create("dns+refresh:///a:1?" + query)))
        .withMessageContaining(message);
  }
}
