package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.server.AdvertisedAddress.Reach;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdvertisedAddressTest {

  @Test
  void of_nothingStatedAndLocalReach_isLoopback() {
    InetSocketAddress address = AdvertisedAddress.of("", 80, Reach.THIS_MACHINE);

    assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    assertThat(address.getPort()).isEqualTo(80);
  }

  @Test
  void of_literal_takesTheListeningPort() {
    InetSocketAddress address = AdvertisedAddress.of("10.0.0.1", 80, Reach.NETWORK);

    assertThat(address.getAddress().getHostAddress()).isEqualTo("10.0.0.1");
    assertThat(address.getPort()).isEqualTo(80);
  }

  @Test
  void of_literalWithPort_takesThatPort() {
    InetSocketAddress address = AdvertisedAddress.of("[2001:db8::1]:443", 80, Reach.NETWORK);

    assertThat(address.getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
    assertThat(address.getPort()).isEqualTo(443);
  }

  @Test
  void of_name_isLeftToTheClientToResolve() {
    InetSocketAddress address = AdvertisedAddress.of("orders.example", 80, Reach.NETWORK);

    assertThat(address.isUnresolved()).isTrue();
    assertThat(address.getHostString()).isEqualTo("orders.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "0.0.0.0:80", "a:b:c:", "host:99999", ":80"})
  void of_unusable_isRefusedWithItsValue(String stated) {
    assertThatThrownBy(() -> AdvertisedAddress.of(stated, 80, Reach.NETWORK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("advertise: \"" + stated + "\"");
  }

  @Test
  void reach_onlyFiles_isThisMachine() {
    assertThat(Reach.of(List.of(URI.create("file:///a")))).isEqualTo(Reach.THIS_MACHINE);
  }

  @Test
  void reach_noRegistry_isThisMachine() {
    assertThat(Reach.of(List.of())).isEqualTo(Reach.THIS_MACHINE);
  }

  @Test
  void reach_anythingElse_isTheNetwork() {
    List<URI> registries = List.of(URI.create("file:///a"), URI.create("etcd://host/x"));

    assertThat(Reach.of(registries)).isEqualTo(Reach.NETWORK);
  }
}
