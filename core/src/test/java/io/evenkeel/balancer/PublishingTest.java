package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When changes of connections reach the channel. */
final class PublishingTest {

  @Test
  void ready_first_isPublishedAtOnce() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);

    fixture.subchannel(2).ready();

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.READY);
    assertThat(fixture.pick()).isEqualTo(2);
  }

  @Test
  void ready_second_isPublishedWithinTheWindow() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);
    fixture.subchannel(2).ready();

    fixture.subchannel(1).ready();

    assertThat(fixture.picks(4)).containsOnly(2);
    fixture.passCoalescing();
    assertThat(fixture.picks(4)).containsExactlyInAnyOrder(1, 1, 2, 2);
  }

  @Test
  void ready_thousandOneByOne_arePublishedAHandfulOfTimes() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(IntStream.rangeClosed(1, 1000).toArray());

    // The list grows, as each that is connected lets the next one try.
    for (int i = 0; i < 1000; i++) {
      fixture.helper.subchannels().get(i).ready();
      fixture.helper.clock().advance(Duration.ofNanos(10_000));
    }
    fixture.passCoalescing();

    assertThat(fixture.helper.updates()).isBetween(3, 6);
    assertThat(fixture.picks(1000)).doesNotHaveDuplicates();
  }

  @Test
  void ready_second_afterSlowWork_waitsNineTimesAsLong() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);
    publishFirst(fixture, Duration.ofMillis(2));

    fixture.subchannel(2).ready();

    fixture.helper.clock().advance(Duration.ofMillis(18).minusNanos(1));
    assertThat(fixture.picks(2)).containsOnly(1);
    fixture.helper.clock().advance(Duration.ofNanos(1));
    assertThat(fixture.picks(2)).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void ready_second_afterVerySlowWork_waitsTheLongestPause() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);
    publishFirst(fixture, Duration.ofSeconds(1));

    fixture.subchannel(2).ready();
    fixture.helper.clock().advance(RotationPublisher.LONGEST_PAUSE);

    assertThat(fixture.picks(2)).containsExactlyInAnyOrder(1, 2);
  }

  /** Publishes that 1 is ready, which takes {@code work}. */
  private static void publishFirst(BalancerFixture fixture, Duration work) {
    fixture.onState(() -> fixture.helper.clock().advance(work));
    fixture.subchannel(1).ready();
    fixture.onState(() -> {});
  }

  @Test
  void lost_last_isPublishedAtOnce() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);

    fixture.subchannel(1).idle();

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.CONNECTING);
    assertThat(fixture.helper.pick()).isEqualTo(PickResult.withNoResult());
  }

  @Test
  void lost_oneOfTwo_isSkippedBeforeAnythingIsPublished() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    int updates = fixture.helper.updates();

    fixture.subchannel(1).idle();

    assertThat(fixture.helper.updates()).isEqualTo(updates);
    assertThat(fixture.picks(10)).containsOnly(2);
  }

  @Test
  void lost_allButOneOfThousand_areSkippedBeforeAnythingIsPublished() {
    BalancerFixture fixture = BalancerFixture.readyOn(IntStream.rangeClosed(1, 1000).toArray());
    int updates = fixture.helper.updates();

    for (int port = 2; port <= 1000; port++) {
      fixture.subchannel(port).idle();
    }

    assertThat(fixture.helper.updates()).isEqualTo(updates);
    assertThat(fixture.picks(10)).containsOnly(1);
  }

  @Test
  void lost_backWithinTheWindow_makesNoNewRotation() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    SubchannelPicker before = fixture.helper.picker();

    fixture.subchannel(1).idle();
    fixture.subchannel(1).ready();
    fixture.passCoalescing();

    assertThat(fixture.helper.picker()).isSameAs(before);
    assertThat(fixture.picks(4)).containsExactlyInAnyOrder(1, 1, 2, 2);
  }

  /** A call that met the endpoint without its transport waits until the channel gets a picker. */
  @Test
  void lost_backWithinTheWindow_isStillPublishedForCallsThatWait() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    int updates = fixture.helper.updates();

    fixture.subchannel(1).idle();
    fixture.subchannel(1).ready();
    fixture.passCoalescing();

    assertThat(fixture.helper.updates()).isEqualTo(updates + 1);
  }

  @Test
  void idle_whileReady_isConnectedAgain() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);

    fixture.subchannel(1).idle();

    assertThat(fixture.subchannel(1).connectionRequests()).isEqualTo(2);
  }

  @Test
  void idle_neverConnected_isConnectedAgain() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);

    fixture.subchannel(1).idle();

    assertThat(fixture.subchannel(1).connectionRequests()).isEqualTo(2);
    assertThat(fixture.events).doesNotContain("lost 127.0.0.1:1 connection lost");
  }

  @Test
  void lost_always_asksDiscoveryOnceHoweverManyAreLost() {
    BalancerFixture fixture = BalancerFixture.readyOn(IntStream.rangeClosed(1, 100).toArray());

    fixture.helper.subchannels().forEach(FakeSubchannel::idle);
    fixture.passCoalescing();

    assertThat(fixture.helper.refreshes()).isEqualTo(1);
  }

  @Test
  void failed_connectingAgain_staysFailedUntilReady() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);
    fixture.subchannel(1).fail(BalancerFixture.refused());
    fixture.passBackoff();

    fixture.subchannel(1).connecting();
    fixture.passCoalescing();

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    fixture.subchannel(1).ready();
    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.READY);
  }

  @Test
  void failed_oneWhileAnotherConnects_letsCallsWait() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);

    fixture.subchannel(1).fail(Status.UNAVAILABLE);
    fixture.passCoalescing();

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.CONNECTING);
  }

  @Test
  void failed_all_isPublishedAtOnceWithTargetCountsAddressesAndCause() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);
    fixture.subchannel(1).fail(BalancerFixture.refused());

    fixture.subchannel(2).fail(Status.UNAVAILABLE.withDescription("handshake timed out"));

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    Status failure = fixture.helper.pick().getStatus();
    assertThat(failure.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getDescription())
        .isEqualTo(
            "target \"fake:///service\": no endpoint takes calls: 2 endpoints (2 failed): "
                + "127.0.0.1:1: io exception (refused); 127.0.0.1:2: handshake timed out");
  }

  @Test
  void failed_againForAnotherReason_isTold() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);
    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.passBackoff();

    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("unreachable"));
    fixture.passCoalescing();

    assertThat(fixture.helper.pick().getStatus().getDescription()).endsWith(": unreachable");
  }

  @Test
  void failed_moreThanFive_namesFive() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2, 3, 4, 5, 6);

    fixture.helper.subchannels().forEach(subchannel -> subchannel.fail(Status.UNAVAILABLE));
    fixture.passCoalescing();

    assertThat(fixture.helper.pick().getStatus().getDescription())
        .contains("6 endpoints (6 failed): 127.0.0.1:1: UNAVAILABLE; ")
        .endsWith("127.0.0.1:5: UNAVAILABLE; …");
  }

  @Test
  void failed_oneWhileAnotherServes_isToldWithoutANewPicker() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);
    fixture.subchannel(1).ready();
    int updates = fixture.helper.updates();

    fixture.subchannel(2).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.passCoalescing();

    assertThat(fixture.helper.updates()).isEqualTo(updates);
    assertThat(fixture.lastState())
        .hasToString("2 endpoints (1 ready, 1 failed): 127.0.0.1:2: refused");
  }

  @Test
  void discoveryFails_beforeAnyList_failsCallsWithTheReason() {
    BalancerFixture fixture = new BalancerFixture();

    fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    assertThat(fixture.helper.pick().getStatus().getDescription())
        .isEqualTo(
            "target \"fake:///service\": no endpoint takes calls: 0 endpoints: "
                + "discovery: registry is down");
  }

  @Test
  void discoveryFails_afterAGoodList_changesNothing() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    SubchannelPicker before = fixture.helper.picker();
    int updates = fixture.helper.updates();

    fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));
    fixture.passCoalescing();

    assertThat(fixture.helper.picker()).isSameAs(before);
    assertThat(fixture.helper.updates()).isEqualTo(updates);
    assertThat(fixture.lastState())
        .hasToString("2 endpoints (2 ready): discovery: registry is down");
  }

  @Test
  void accept_emptyAfterAGoodList_isRefusedAndChangesNothing() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    int updates = fixture.helper.updates();

    Status accepted = fixture.accept(List.of());

    assertThat(accepted.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(fixture.helper.updates()).isEqualTo(updates);
    assertThat(fixture.helper.subchannels()).noneMatch(FakeSubchannel::isShutdown);
    assertThat(fixture.picks(4)).containsExactlyInAnyOrder(1, 1, 2, 2);
  }

  @Test
  void accept_emptyFirst_failsCalls() {
    BalancerFixture fixture = new BalancerFixture();

    fixture.accept(List.of());

    assertThat(fixture.helper.pick().getStatus().getDescription())
        .endsWith("discovery: discovery brought no usable endpoint");
  }

  @Test
  void accept_afterDiscoveryFailed_forgetsTheFailure() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));

    fixture.accept(1);

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.CONNECTING);
    assertThat(fixture.lastState()).hasToString("1 endpoint (1 connecting)");
  }

  @Test
  void accept_sameListAfterDiscoveryFailed_forgetsTheFailure() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));
    fixture.passCoalescing();

    fixture.accept(1);
    fixture.passCoalescing();

    assertThat(fixture.lastState()).hasToString("1 endpoint (1 ready)");
  }

  @Test
  void shutdown_always_leavesNoTimerAndNoConnection() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    fixture.subchannel(1).idle();

    fixture.shutdown();

    assertThat(fixture.helper.clock().waiting()).isZero();
    assertThat(fixture.helper.subchannels()).allMatch(FakeSubchannel::isShutdown);
  }

  @Test
  void shutdown_lateEvents_changeNothing() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    fixture.shutdown();
    int updates = fixture.helper.updates();

    fixture.subchannel(1).idle();
    fixture.subchannel(1).ready();
    fixture.subchannel(2).fail(Status.UNAVAILABLE);
    fixture.discoveryFails(Status.UNAVAILABLE);

    assertThat(fixture.helper.updates()).isEqualTo(updates);
    assertThat(fixture.helper.clock().waiting()).isZero();
    assertThat(fixture.subchannel(1).connectionRequests()).isEqualTo(1);
  }

  @Test
  void shutdown_twice_isHarmless() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);

    fixture.shutdown();
    fixture.shutdown();

    assertThat(fixture.subchannel(1).isShutdown()).isTrue();
  }
}
