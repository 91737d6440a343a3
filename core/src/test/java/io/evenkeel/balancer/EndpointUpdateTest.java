package io.evenkeel.balancer;

import static io.evenkeel.balancer.BalancerFixture.group;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointAttributes;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a list of endpoints does to connections. */
final class EndpointUpdateTest {
  private final BalancerFixture fixture = new BalancerFixture();

  @Test
  void accept_firstList_connectsEachEndpointOnce() {
    Status accepted = fixture.accept(1, 2, 3);

    assertThat(accepted.isOk()).isTrue();
    assertThat(fixture.helper.subchannels()).hasSize(3);
    assertThat(fixture.helper.subchannels())
        .allSatisfy(subchannel -> assertThat(subchannel.connectionRequests()).isEqualTo(1));
    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.CONNECTING);
  }

  @Test
  void accept_sameAddressTwice_connectsOnceAndSaysSo() {
    fixture.accept(1, 2, 1);

    assertThat(fixture.helper.subchannels()).hasSize(2);
    assertThat(fixture.helper.log())
        .singleElement()
        .asString()
        .startsWith("WARNING ")
        .contains("127.0.0.1:1")
        .contains("twice");
  }

  @Test
  void accept_sameAddressTwice_getsNoDoubleShare() {
    fixture.accept(1, 2, 1);
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();

    assertThat(fixture.picks(4)).containsExactly(1, 2, 1, 2);
  }

  @Test
  void accept_sameBadListAgain_isLoggedOnce() {
    fixture.accept(1, 1);
    fixture.accept(1, 1);

    assertThat(fixture.helper.log()).hasSize(1);
  }

  @Test
  void accept_sameListAThousandTimes_changesNothing() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    int updates = ready.helper.updates();
    int states = ready.states.size();

    for (int i = 0; i < 1000; i++) {
      ready.accept(1, 2);
    }
    ready.passCoalescing();

    assertThat(ready.helper.subchannels()).hasSize(2);
    assertThat(ready.helper.updates()).isEqualTo(updates);
    assertThat(ready.states).hasSize(states);
    assertThat(ready.helper.clock().waiting()).isZero();
  }

  @Test
  void accept_sameListInOtherOrder_keepsConnections() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2, 3);

    ready.accept(3, 1, 2);

    assertThat(ready.helper.subchannels()).hasSize(3);
    assertThat(ready.picks(6)).containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
  }

  @Test
  void accept_newWeight_isLiveAndKeepsTheConnection() {
    BalancerFixture ready = new BalancerFixture();
    ready.config(Map.of("policy", Map.of("weighted_round_robin", Map.of())));
    ready.accept(1, 2);
    ready.helper.subchannels().forEach(FakeSubchannel::ready);
    ready.passCoalescing();

    ready.accept(group(1, 9), group(2, 1));

    assertThat(ready.helper.subchannels())
        .hasSize(2)
        .noneMatch(FakeSubchannel::isShutdown)
        .allSatisfy(subchannel -> assertThat(subchannel.connectionRequests()).isEqualTo(1));
    assertThat(ready.picks(100)).filteredOn(port -> port == 1).hasSizeBetween(87, 93);
  }

  @Test
  void accept_newMetadata_isSeenByThePolicy() {
    BalancerFixture ready = BalancerFixture.readyOn(1);
    Endpoint changed = Endpoint.of(BalancerFixture.address(1)).withMetadata(Map.of("version", "2"));

    ready.accept(changed.toAddressGroup());

    assertThat(ready.subchannel(1).getAllAddresses()).containsExactly(changed.toAddressGroup());
    assertThat(ready.helper.subchannels()).hasSize(1);
  }

  @Test
  void accept_endpointAdded_connectsOnlyIt() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);

    ready.accept(1, 2, 3);
    ready.subchannel(3).ready();
    ready.passCoalescing();

    assertThat(ready.helper.subchannels()).hasSize(3);
    assertThat(ready.picks(3)).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void accept_endpointRemoved_isShutDownAfterThePickerIsPublished() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    FakeSubchannel removed = ready.subchannel(2);
    List<Boolean> shutdownWhenPublished = new ArrayList<>();
    ready.onState(() -> shutdownWhenPublished.add(removed.isShutdown()));

    ready.accept(1);

    assertThat(shutdownWhenPublished).containsExactly(false);
    assertThat(ready.picks(3)).containsOnly(1);
    assertThat(removed.isShutdown()).isTrue();
    assertThat(ready.subchannel(1).isShutdown()).isFalse();
  }

  @Test
  void accept_allReplaced_servesTheOldUntilTheNewAreReady() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);

    ready.accept(3, 4);

    assertThat(ready.helper.state()).isEqualTo(ConnectivityState.CONNECTING);
    ready.subchannel(3).ready();
    assertThat(ready.picks(2)).containsOnly(3);
  }

  @Test
  void removed_idleAfterwards_isNotConnectedAgain() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    FakeSubchannel removed = ready.subchannel(2);
    ready.accept(1);

    removed.idle();

    assertThat(removed.connectionRequests()).isEqualTo(1);
  }

  @Test
  void removed_lateEvents_changeNothing() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    FakeSubchannel removed = ready.subchannel(2);
    ready.accept(1);
    int updates = ready.helper.updates();
    ready.events.clear();

    removed.fail(Status.UNAVAILABLE);
    removed.connecting();
    removed.ready();
    ready.passCoalescing();

    assertThat(ready.helper.updates()).isEqualTo(updates);
    assertThat(ready.events).isEmpty();
    assertThat(ready.helper.clock().waiting()).isZero();
  }

  @Test
  void accept_removedAndBack_connectsAnew() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    ready.accept(1);

    ready.accept(1, 2);

    assertThat(ready.helper.subchannels()).hasSize(3);
    assertThat(ready.subchannel(2).isShutdown()).isFalse();
  }

  @Test
  void accept_badWeight_isSkippedAndTheOthersServe() {
    EquivalentAddressGroup bad =
        new EquivalentAddressGroup(
            List.of(BalancerFixture.address(2)),
            Attributes.newBuilder().set(EndpointAttributes.WEIGHT, -1).build());

    Status accepted = fixture.accept(group(1), bad, group(3));
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();

    assertThat(accepted.isOk()).isTrue();
    assertThat(fixture.picks(4)).containsExactly(1, 3, 1, 3);
    assertThat(fixture.helper.log())
        .singleElement()
        .asString()
        .contains("1 skipped")
        .contains("127.0.0.1:2")
        .contains("-1 (expected: 0..1000000)");
  }

  @Test
  void accept_onlyBadEndpoints_isAnErrorThatNamesTheFirst() {
    EquivalentAddressGroup bad =
        new EquivalentAddressGroup(
            List.of(BalancerFixture.address(2)),
            Attributes.newBuilder().set(EndpointAttributes.PRIORITY, -1).build());

    Status accepted = fixture.accept(bad);

    assertThat(accepted.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(accepted.getDescription())
        .startsWith("discovery brought no usable endpoint (1 skipped; ")
        .contains("priority")
        .contains("127.0.0.1:2");
  }

  @Test
  void pick_weightZero_takesNoTraffic() {
    fixture.accept(group(1, 0), group(2, 1), group(3, 1));
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();

    assertThat(fixture.picks(100)).doesNotContain(1).contains(2, 3);
  }

  @Test
  void pick_onlyWeightZeroIsLeft_takesTheCalls() {
    fixture.accept(group(1, 0), group(2, 1));
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();

    fixture.subchannel(2).fail(Status.UNAVAILABLE);
    fixture.passCoalescing();

    assertThat(fixture.picks(3)).containsOnly(1);
  }

  @Test
  void pick_allWeightsZero_sharesAlikeAndWarnsOnce() {
    fixture.config(Map.of("policy", Map.of("weighted_round_robin", Map.of())));
    fixture.accept(group(1, 0), group(2, 0));
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();
    fixture.accept(group(1, 0), group(2, 0));

    assertThat(fixture.picks(4)).containsExactlyInAnyOrder(1, 1, 2, 2);
    assertThat(fixture.helper.log())
        .containsExactly("WARNING all endpoints have weight 0: they share the calls alike");
  }

  @Test
  void accept_tenThousandEndpoints_keepsOrder() {
    int[] ports = IntStream.rangeClosed(1, 10_000).toArray();

    fixture.accept(ports);
    fixture.readyAll();
    fixture.passCoalescing();

    assertThat(fixture.picks(3)).containsExactly(1, 2, 3);
  }
}
