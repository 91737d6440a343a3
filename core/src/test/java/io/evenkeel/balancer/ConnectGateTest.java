package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many connections are made at the same time, and in which order. */
final class ConnectGateTest {
  private final BalancerFixture fixture = new BalancerFixture();

  @Test
  void accept_many_connectsAFewAtFirst() {
    fixture.accept(ports(1000));

    assertThat(dialled()).hasSize(ConnectGate.FIRST_TURNS);
    assertThat(fixture.lastState()).hasToString("1000 endpoints (1000 connecting)");
  }

  @Test
  void ready_each_letsOneMoreBeMade() {
    fixture.accept(ports(1000));

    dialled().forEach(FakeSubchannel::ready);

    assertThat(dialled()).hasSize(3 * ConnectGate.FIRST_TURNS);
  }

  @Test
  void ready_veryMany_connectsAHundredAtOnce() {
    fixture.accept(ports(1000));

    List<FakeSubchannel> up = readyNext(500);

    assertThat(dialled()).hasSize(up.size() + BalancerConfig.DEFAULT_CONNECTS);
  }

  @Test
  void failed_all_makesNoMoreAtOnce() {
    fixture.accept(ports(1000));

    dialled().forEach(each -> each.fail(Status.UNAVAILABLE));

    assertThat(dialled()).hasSize(2 * ConnectGate.FIRST_TURNS);
  }

  @Test
  void silent_all_letsMoreBeMadeInTheNextTurn() {
    fixture.accept(ports(1000));

    fixture.helper.clock().advance(ConnectGate.MAX_TURN);

    assertThat(dialled()).hasSize(3 * ConnectGate.FIRST_TURNS);
  }

  @Test
  void wave_afterOneThatIsOver_beginsWithAFewAgain() {
    fixture.accept(ports(200));
    readyNext(200);

    fixture.accept(ports(400));

    assertThat(dialled()).hasSize(200 + ConnectGate.FIRST_TURNS);
  }

  @Test
  void ready_oneByOne_connectsAllAndNeverMoreThanTheLimit() {
    fixture.config(atMost(3)).accept(ports(50));
    Queue<FakeSubchannel> running = new ArrayDeque<>(dialled());
    List<FakeSubchannel> done = new ArrayList<>();

    while (!running.isEmpty()) {
      assertThat(running).hasSizeLessThanOrEqualTo(3);
      done.add(running.remove());
      done.get(done.size() - 1).ready();
      dialled().stream()
          .filter(each -> !done.contains(each) && !running.contains(each))
          .forEach(running::add);
    }

    assertThat(done).hasSize(50);
    assertThat(fixture.lastState().ready() + fixture.lastState().connecting()).isEqualTo(50);
  }

  @Test
  void ready_first_servesWhileTheOthersWait() {
    fixture.config(atMost(1)).accept(ports(10));

    dialled().get(0).ready();

    assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.READY);
    assertThat(fixture.pick()).isPositive();
  }

  @Test
  void failed_always_givesItsTurnToTheNext() {
    fixture.config(atMost(1)).accept(ports(2));
    FakeSubchannel first = dialled().get(0);

    first.fail(Status.UNAVAILABLE);

    assertThat(dialled()).hasSize(2);
  }

  @Test
  void removed_whileItConnects_givesItsTurnToTheNext() {
    fixture.config(atMost(1)).accept(1, 2);
    int waiting = fixture.live(1).isPresent() ? 2 : 1;

    fixture.accept(waiting);

    assertThat(fixture.subchannel(waiting).connectionRequests()).isEqualTo(1);
  }

  @Test
  void removed_whileItWaits_isNeverDialled() {
    fixture.config(atMost(1)).accept(1, 2, 3);
    FakeSubchannel first = dialled().get(0);
    int[] left = IntStream.of(1, 2, 3).filter(port -> fixture.live(port).isPresent()).toArray();

    fixture.accept(left);
    first.ready();

    assertThat(dialled()).containsExactly(first);
  }

  @Test
  void silent_longerThanATurn_keepsNobodyOut() {
    fixture.config(atMost(2)).accept(ports(5));

    fixture.helper.clock().advance(ConnectGate.MAX_TURN.minusMillis(1));
    assertThat(dialled()).hasSize(2);
    fixture.helper.clock().advance(Duration.ofMillis(1));
    assertThat(dialled()).hasSize(4);
    fixture.helper.clock().advance(ConnectGate.MAX_TURN);

    assertThat(dialled()).hasSize(5);
    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  @Test
  void silent_latecomer_hasATurnOfItsOwn() {
    fixture.config(atMost(2)).accept(ports(4));
    Duration half = ConnectGate.MAX_TURN.dividedBy(2);
    fixture.helper.clock().advance(half);
    dialled().get(0).ready(); // the third begins half a turn after the second

    fixture.helper.clock().advance(half);

    assertThat(dialled()).hasSize(4);
  }

  @Test
  void ready_afterItsTurnWasOver_isInUse() {
    fixture.config(atMost(1)).accept(1, 2);
    FakeSubchannel slow = dialled().get(0);
    fixture.helper.clock().advance(ConnectGate.MAX_TURN);

    slow.ready();

    assertThat(fixture.helper.pick().getSubchannel()).isSameAs(slow);
  }

  @Test
  void lost_whileOthersWait_goesFirst() {
    fixture.config(atMost(2)).accept(ports(10));
    FakeSubchannel served = dialled().get(0);
    served.ready();
    served.idle(); // two are being connected: it waits
    assertThat(served.connectionRequests()).isEqualTo(1);

    dialled().get(1).ready();

    assertThat(served.connectionRequests()).isEqualTo(2);
  }

  @Test
  void lost_overAndOver_letsNewcomersInEachFifthTurn() {
    fixture.config(atMost(1)).accept(ports(3));
    FakeSubchannel flapping = dialled().get(0);
    flapping.ready();
    FakeSubchannel holder = dialled().get(1);
    int turns = 0;

    while (dialled().size() < 3 && turns < 20) {
      flapping.ready();
      flapping.idle();
      holder.fail(Status.UNAVAILABLE);
      turns++;
    }

    assertThat(dialled()).hasSize(3);
    assertThat(turns).isLessThanOrEqualTo(5);
  }

  @Test
  void shutdown_whileManyWait_dialsNobodyAndLeavesNoTimer() {
    fixture.config(atMost(1)).accept(ports(5));
    FakeSubchannel first = dialled().get(0);

    fixture.shutdown();
    first.fail(Status.UNAVAILABLE);

    assertThat(dialled()).containsExactly(first);
    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  @Test
  void limit_raisedByAnotherConfig_isLiveAtOnce() {
    fixture.config(atMost(1)).accept(1, 2, 3);

    fixture.config(atMost(3)).accept(1, 2, 3);

    assertThat(dialled()).hasSize(3);
  }

  @Test
  void sameListAgain_whileSomeWait_dialsNoMore() {
    fixture.config(atMost(1)).accept(1, 2, 3);

    fixture.accept(1, 2, 3);

    assertThat(dialled()).hasSize(1);
  }

  @Test
  void severalAddresses_whileTheyWait_haveNoTransport() {
    fixture
        .config(atMost(1))
        .accept(List.of(twoAddresses(1, 2), twoAddresses(3, 4), twoAddresses(5, 6)));

    assertThat(fixture.helper.subchannels()).hasSize(1);
    fixture.helper.subchannels().get(0).fail(Status.UNAVAILABLE);
    assertThat(fixture.helper.subchannels()).hasSize(2);
    fixture.shutdown();
    assertThat(fixture.helper.subchannels()).allMatch(FakeSubchannel::isShutdown);
  }

  @Test
  void order_ofNewcomers_isNotThatOfTheList() {
    fixture.config(atMost(1)).accept(ports(100));
    List<Integer> order = new ArrayList<>();

    for (int turn = 0; turn < 100; turn++) {
      FakeSubchannel next =
          dialled().stream().filter(each -> !order.contains(port(each))).findFirst().orElseThrow();
      order.add(port(next));
      next.ready();
    }

    assertThat(order).doesNotHaveDuplicates().hasSize(100);
    assertThat(order).isNotEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
  }

  /** Connects {@code count} endpoints, one by one as they are dialled. */
  private List<FakeSubchannel> readyNext(int count) {
    List<FakeSubchannel> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(dialled().get(i));
      next.get(i).ready();
    }
    return next;
  }

  private List<FakeSubchannel> dialled() {
    return fixture.helper.subchannels().stream()
        .filter(subchannel -> subchannel.connectionRequests() > 0)
        .toList();
  }

  private static int port(FakeSubchannel subchannel) {
    return BalancerFixture.port(subchannel);
  }

  private static EquivalentAddressGroup twoAddresses(int port, int other) {
    return Endpoint.of(List.of(BalancerFixture.address(port), BalancerFixture.address(other)))
        .toAddressGroup();
  }

  private static int[] ports(int count) {
    return IntStream.rangeClosed(1, count).toArray();
  }

  private static Map<String, ?> atMost(int connects) {
    return Map.of("connect", Map.of("maxConcurrent", connects));
  }
}
