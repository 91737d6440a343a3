package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.SourceSnapshot;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiscoveryFollowerTest {
  private final BalancerFixture fixture = new BalancerFixture();
  private final ScriptedStatus status = new ScriptedStatus();

  @Test
  void accept_listOfASupervisor_showsItInTheSnapshot() {
    fixture.attribute(DiscoveryStatus.KEY, status).accept(1);

    assertThat(fixture.snapshot().discovery().source()).contains(status.snapshot);
    assertThat(fixture.snapshot().toString())
        .contains("source: \"etcd://a:1/orders\", confirmed 3.0 s ago; stale: etcd is down")
        .contains("2 endpoints held");
    assertThat(fixture.snapshot().toJson())
        .contains("\"source\":{\"target\":\"etcd://a:1/orders\"", "\"stale\":true", "\"held\":2");
  }

  @Test
  void accept_listOfAnotherResolver_showsNoSource() {
    fixture.accept(1);

    assertThat(fixture.snapshot().discovery().source()).isEmpty();
  }

  @Test
  void observer_events_reachTheListeners() {
    fixture.attribute(DiscoveryStatus.KEY, status).accept(1);
    fixture.events.clear();

    status.observers.forEach(
        observer -> {
          observer.onStale(Status.UNAVAILABLE.withDescription("etcd is down"));
          observer.onRecovered();
          observer.onDropHeld(3);
          observer.onSource("file:///x");
          observer.onRebuilt(1);
        });

    assertThat(fixture.events)
        .containsExactly(
            "stale etcd is down", "recovered", "held 3", "source file:///x", "rebuilt 1");
  }

  @Test
  void accept_sameStatusAgain_subscribesOnce() {
    fixture.attribute(DiscoveryStatus.KEY, status).accept(1);
    fixture.accept(1, 2);

    assertThat(status.observers).hasSize(1);
  }

  @Test
  void shutdown_afterALists_unsubscribes() {
    fixture.attribute(DiscoveryStatus.KEY, status).accept(1);

    fixture.shutdown();

    assertThat(status.observers).isEmpty();
  }

  @Test
  void accept_emptyAndExpired_givesTheEndpointsUpAndFailsCalls() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    Status reason = Status.UNAVAILABLE.withDescription("the last list is older than maxAge=60s");

    Status taken = ready.attribute(DiscoveryStatus.EXPIRED, reason).accept(List.of());

    assertThat(taken.isOk()).isTrue();
    assertThat(ready.live(1)).isEmpty();
    assertThat(ready.helper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    assertThat(ready.helper.pick().getStatus().getDescription()).contains("older than maxAge=60s");
  }

  @Test
  void accept_listAfterAnExpiredOne_serves() {
    BalancerFixture ready = BalancerFixture.readyOn(1, 2);
    ready.attribute(DiscoveryStatus.EXPIRED, Status.UNAVAILABLE).accept(List.of());

    ready.accept(3);
    ready.readyAll();
    ready.passCoalescing();

    assertThat(ready.pick()).isEqualTo(3);
  }

  private static final class ScriptedStatus implements DiscoveryStatus {
    final List<Observer> observers = new ArrayList<>();
    final SourceSnapshot snapshot =
        new SourceSnapshot(
            "etcd://a:1/orders",
            false,
            Optional.of(Duration.ofSeconds(3)),
            "etcd is down",
            0,
            2,
            0);

    @Override
    public SourceSnapshot snapshot() {
      return snapshot;
    }

    @Override
    public Subscription subscribe(Observer observer) {
      observers.add(observer);
      return () -> observers.remove(observer);
    }
  }
}
