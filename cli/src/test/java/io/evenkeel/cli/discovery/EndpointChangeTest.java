package io.evenkeel.cli.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointChangeTest {
  private static final Endpoint ONE = Endpoint.of(HostPort.parse("127.0.0.1:1"));
  private static final Endpoint TWO = Endpoint.of(HostPort.parse("127.0.0.1:2"));

  @Test
  void between_newEndpoint_isAdded() {
    List<EndpointChange> changes = EndpointChange.between(List.of(ONE), List.of(ONE, TWO));

    assertThat(changes).extracting(EndpointChange::toString).containsExactly("+ 127.0.0.1:2");
  }

  @Test
  void between_missingEndpoint_isRemoved() {
    List<EndpointChange> changes = EndpointChange.between(List.of(ONE, TWO), List.of(TWO));

    assertThat(changes).extracting(EndpointChange::toString).containsExactly("- 127.0.0.1:1");
  }

  @Test
  void between_otherWeight_isChanged() {
    List<EndpointChange> changes =
        EndpointChange.between(List.of(ONE), List.of(ONE.withWeight(5).withZone("a")));

    assertThat(changes)
        .extracting(EndpointChange::toString)
        .containsExactly("~ 127.0.0.1:1 weight=5 zone=a");
  }

  @Test
  void between_otherOrder_isNoChange() {
    assertThat(EndpointChange.between(List.of(ONE, TWO), List.of(TWO, ONE))).isEmpty();
  }
}
