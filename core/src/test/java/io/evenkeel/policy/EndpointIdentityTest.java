package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EndpointIdentityTest {
  private static final InetSocketAddress FIRST = InetSocketAddress.createUnresolved("10.0.0.1", 1);
  private static final InetSocketAddress SECOND = InetSocketAddress.createUnresolved("10.0.0.2", 1);

  /** Clients of different versions share services: this value never changes. */
  @Test
  void of_knownAddress_isWhatItAlwaysWas() {
    assertThat(EndpointIdentity.of(Endpoint.of(FIRST))).isEqualTo(4_595_445_334_743_189_181L);
  }

  @Test
  void of_resolvedOrNot_isTheSame() throws UnknownHostException {
    InetSocketAddress resolved =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 1);

    assertThat(EndpointIdentity.of(Endpoint.of(resolved)))
        .isEqualTo(EndpointIdentity.of(Endpoint.of(FIRST)));
  }

  @Test
  void of_addressesInAnyOrder_isTheSame() {
    assertThat(EndpointIdentity.of(Endpoint.of(List.of(FIRST, SECOND))))
        .isEqualTo(EndpointIdentity.of(Endpoint.of(List.of(SECOND, FIRST))))
        .isNotEqualTo(EndpointIdentity.of(Endpoint.of(FIRST)));
  }

  @Test
  void of_whatAProcessMayChangeAtItsStart_doesNotMatter() {
    Endpoint endpoint = Endpoint.of(FIRST);

    assertThat(
            EndpointIdentity.of(
                endpoint.withId("drawn-at-start").withWeight(7).withMetadata(Map.of("v", "2"))))
        .isEqualTo(EndpointIdentity.of(endpoint));
  }

  @Test
  void of_hashKeyGiven_doesNotDependOnTheAddress() {
    Map<String, String> metadata = Map.of("hashKey", "shard-0");

    assertThat(EndpointIdentity.of(Endpoint.of(FIRST).withMetadata(metadata)))
        .isEqualTo(EndpointIdentity.of(Endpoint.of(SECOND).withMetadata(metadata)))
        .isNotEqualTo(EndpointIdentity.of(Endpoint.of(FIRST)));
  }
}
