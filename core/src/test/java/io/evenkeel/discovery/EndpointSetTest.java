package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointSetTest {
  private final InetSocketAddress one = HostPort.parse("127.0.0.1:1");
  private final InetSocketAddress two = HostPort.parse("127.0.0.1:2");

  @Test
  void of_sameAddressesTwice_keepsTheFirstAndSaysSo() {
    EndpointSet set =
        EndpointSet.of(List.of(Endpoint.of(one).withId("a"), Endpoint.of(one).withId("b")));

    assertThat(set.endpoints()).extracting(Endpoint::id).containsExactly("a");
    assertThat(set.problems())
        .containsExactly("endpoint \"b\" at 127.0.0.1:1: listed twice, the first one counts");
  }

  @Test
  void of_problemsAndDuplicates_namesBoth() {
    EndpointSet set =
        EndpointSet.of(
            List.of(Endpoint.of(one).withId("a"), Endpoint.of(one).withId("b")),
            List.of("entry 2 is malformed"));

    assertThat(set.problems()).hasSize(2).contains("entry 2 is malformed");
  }

  @Test
  void of_sameAddressesInAnotherOrder_areTheSameEndpoint() {
    EndpointSet set =
        EndpointSet.of(List.of(Endpoint.of(List.of(one, two)), Endpoint.of(List.of(two, one))));

    assertThat(set.endpoints()).hasSize(1);
  }

  @Test
  void of_oneAddressInCommon_areTwoEndpoints() {
    EndpointSet set =
        EndpointSet.of(List.of(Endpoint.of(List.of(one, two)), Endpoint.of(List.of(one))));

    assertThat(set.endpoints()).hasSize(2);
  }
}
