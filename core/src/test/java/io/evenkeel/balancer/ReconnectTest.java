package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When endpoints that could not be connected are tried again. */
final class ReconnectTest {
  private static final Status REFUSED = Status.UNAVAILABLE.withDescription("refused");

  private final BalancerFixture fixture = new BalancerFixture();

  @Test
  void failed_once_isTriedAgainAfterASecond() {
    fixture.accept(1);
    fixture.subchannel(1).fail(REFUSED);

    fixture.helper.clock().advance(Duration.ofMillis(999));
    assertThat(fixture.live(1)).isEmpty();
    fixture.helper.clock().advance(Duration.ofMillis(1));

    assertThat(fixture.subchannel(1).connectionRequests()).isEqualTo(1);
  }

  @Test
  void failed_overAndOver_isTriedAtLeastEveryTwentySeconds() {
    fixture.accept(1);
    for (int i = 0; i < 20; i++) {
      fixture.subchannel(1).fail(REFUSED);
      fixture.passBackoff();
    }
    fixture.subchannel(1).fail(REFUSED);

    fixture.helper.clock().advance(BalancerConfig.DEFAULT_MAX_BACKOFF.minusMillis(1));
    assertThat(fixture.live(1)).isEmpty();
    fixture.helper.clock().advance(Duration.ofMillis(1));

    assertThat(fixture.live(1)).isPresent();
  }

  @Test
  void failed_boundConfigured_isTriedByThat() {
    fixture.config(Map.of("connect", Map.of("maxBackoff", "2s"))).accept(1);
    for (int i = 0; i < 5; i++) {
      fixture.subchannel(1).fail(REFUSED);
      fixture.passBackoff();
    }
    fixture.subchannel(1).fail(REFUSED);

    fixture.helper.clock().advance(Duration.ofSeconds(2));

    assertThat(fixture.live(1)).isPresent();
  }

  @Test
  void connected_inBetween_beginsWithASecondAgain() {
    fixture.accept(1);
    for (int i = 0; i < 5; i++) {
      fixture.subchannel(1).fail(REFUSED);
      fixture.passBackoff();
    }
    fixture.subchannel(1).ready();
    fixture.subchannel(1).fail(REFUSED);

    fixture.helper.clock().advance(Duration.ofSeconds(1));

    assertThat(fixture.live(1)).isPresent();
  }

  @Test
  void failed_registeredAnew_isTriedAtOnce() {
    fixture.accept(1);
    for (int i = 0; i < 5; i++) {
      fixture.subchannel(1).fail(REFUSED);
      fixture.passBackoff();
    }
    fixture.subchannel(1).fail(REFUSED);

    fixture.accept(withVersion(1, "2"));

    assertThat(fixture.live(1)).isPresent();
  }

  @Test
  void failed_listedAgainUnchanged_waitsOn() {
    fixture.accept(1);
    fixture.subchannel(1).fail(REFUSED);

    fixture.accept(1);

    assertThat(fixture.live(1)).isEmpty();
  }

  @Test
  void failed_all_comeBackWithinASecondOfTheFirst() {
    BalancerFixture outage = new BalancerFixture(new Random(3));
    int[] ports = IntStream.rangeClosed(1, 50).toArray();
    outage.accept(ports);
    for (int round = 0; round < 8; round++) {
      failAll(outage);
      outage.passBackoff();
    }
    failAll(outage);
    while (live(outage).isEmpty()) {
      outage.helper.clock().advance(Duration.ofMillis(10));
    }
    live(outage).get(0).ready();

    int before = live(outage).size();
    outage.helper.clock().advance(ReconnectSchedule.SPREAD.dividedBy(2));
    outage.readyAll();
    int halfWay = live(outage).size();
    outage.helper.clock().advance(ReconnectSchedule.SPREAD.dividedBy(2));
    outage.readyAll();

    assertThat(halfWay).isGreaterThan(before).isLessThan(50);
    assertThat(live(outage)).hasSize(50);
  }

  @Test
  void failed_thousand_areTriedNoMoreAtOnceThanTheGateLetsThrough() {
    fixture.config(Map.of("connect", Map.of("maxConcurrent", 10)));
    fixture.accept(IntStream.rangeClosed(1, 1000).toArray());
    for (int i = 0; i < 1000; i++) {
      fixture.helper.subchannels().get(i).fail(REFUSED);
    }

    fixture.passBackoff();

    assertThat(live(fixture)).hasSizeLessThanOrEqualTo(90); // the turns of 40 s, 5 s each
  }

  @Test
  void removed_whileItWaits_leavesNoTimer() {
    fixture.accept(1, 2);
    fixture.subchannel(2).ready();
    fixture.subchannel(1).fail(REFUSED);

    fixture.accept(2);
    fixture.passCoalescing();

    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  @Test
  void shutdown_whileSomeWait_leavesNoTimer() {
    fixture.accept(1, 2);
    fixture.subchannel(1).fail(REFUSED);
    fixture.subchannel(2).fail(REFUSED);

    fixture.shutdown();

    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  @Test
  void lost_allWhileConnected_asksDiscoveryEveryFewSeconds() {
    fixture.config(Map.of("connect", Map.of("maxBackoff", "600s"))).accept(1);
    for (int i = 0; i < 20; i++) {
      fixture.subchannel(1).fail(REFUSED);
      fixture.helper.clock().advance(Duration.ofMinutes(20));
    }
    fixture.subchannel(1).fail(REFUSED);
    fixture.passCoalescing();
    int before = fixture.helper.refreshes();

    fixture.helper.clock().advance(LossRefresh.INTERVAL.multipliedBy(10));

    assertThat(fixture.helper.refreshes() - before).isEqualTo(10);
  }

  private static void failAll(BalancerFixture fixture) {
    live(fixture).forEach(subchannel -> subchannel.fail(REFUSED));
  }

  private static List<FakeSubchannel> live(BalancerFixture fixture) {
    return fixture.helper.subchannels().stream().filter(each -> !each.isShutdown()).toList();
  }

  private static EquivalentAddressGroup withVersion(int port, String version) {
    return Endpoint.of(BalancerFixture.address(port))
        .withMetadata(Map.of("version", version))
        .toAddressGroup();
  }
}
