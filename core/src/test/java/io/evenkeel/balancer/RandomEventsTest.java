package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerState;
import io.evenkeel.EndpointState;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order: the balancer agrees with a model of a few lines. */
final class RandomEventsTest {
  private static final int EVENTS = 2000;
  private static final int PORTS = 8;

  private final BalancerFixture fixture = new BalancerFixture();
  private final Map<Integer, EndpointState> model = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void events_anyOrder_agreeWithTheModel(long seed) {
    Random random = new Random(seed);

    for (int event = 0; event < EVENTS; event++) {
      happen(random);
      assertPicksOnlyWhatIsReady();
      if (random.nextInt(4) == 0) {
        fixture.passCoalescing();
        assertAgreesWithModel();
      }
    }

    fixture.shutdown();
    assertThat(fixture.helper.clock().waiting()).isZero();
    assertThat(fixture.helper.subchannels()).allMatch(FakeSubchannel::isShutdown);
    assertThat(fixture.helper.log()).isEmpty();
  }

  private void happen(Random random) {
    int dice = random.nextInt(20);
    if (dice == 0 || model.isEmpty()) {
      acceptList(random);
    } else if (dice == 1) {
      fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));
    } else if (dice == 2) {
      fixture.accept(List.of());
    } else if (dice == 3) {
      String policy = random.nextBoolean() ? "round_robin" : "weighted_round_robin";
      int connects = 1 + random.nextInt(PORTS);
      fixture.config(
          Map.of("policy", Map.of(policy, Map.of()), "connect", Map.of("maxConcurrent", connects)));
      fixture.accept(model.keySet().stream().map(BalancerFixture::group).toList());
    } else if (dice == 4) {
      fixture.helper.clock().advance(Duration.ofMillis(1));
    } else {
      changeConnection(random);
    }
  }

  private void acceptList(Random random) {
    Set<Integer> ports = new TreeSet<>();
    int size = 1 + random.nextInt(PORTS);
    for (int i = 0; i < size; i++) {
      ports.add(1 + random.nextInt(PORTS));
    }
    model.keySet().retainAll(ports);
    ports.forEach(port -> model.putIfAbsent(port, EndpointState.CONNECTING));
    fixture.accept(ports.stream().map(BalancerFixture::group).toList());
  }

  private void changeConnection(Random random) {
    int port = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
    Optional<FakeSubchannel> live = fixture.live(port);
    if (live.isEmpty()) {
      fixture.helper.clock().advance(Duration.ofMillis(random.nextInt(2000)));
      return;
    }
    FakeSubchannel subchannel = live.get();
    switch (random.nextInt(4)) {
      case 0 -> {
        subchannel.ready();
        model.put(port, EndpointState.READY);
      }
      case 1 -> {
        subchannel.fail(Status.UNAVAILABLE);
        model.put(port, EndpointState.FAILED);
      }
      case 2 -> {
        if (model.get(port) != EndpointState.READY) {
          subchannel.connecting();
        }
      }
      default -> {
        subchannel.idle();
        model.replace(port, EndpointState.READY, EndpointState.CONNECTING);
      }
    }
  }

  private void assertPicksOnlyWhatIsReady() {
    for (int port : fixture.picks(3)) {
      if (port != 0) {
        assertThat(model.get(port)).as("port %s", port).isEqualTo(EndpointState.READY);
      } else {
        boolean publishSoon = fixture.helper.clock().waiting() > 0;
        assertThat(count(EndpointState.READY) == 0 || publishSoon)
            .as("a call that waits is met")
            .isTrue();
      }
    }
  }

  private void assertAgreesWithModel() {
    BalancerState state = fixture.lastState();
    assertThat(state.ready()).isEqualTo(count(EndpointState.READY));
    assertThat(state.connecting()).isEqualTo(count(EndpointState.CONNECTING));
    assertThat(state.failed()).isEqualTo(count(EndpointState.FAILED));
    if (state.ready() > 0) {
      assertThat(fixture.helper.state()).isEqualTo(ConnectivityState.READY);
      assertThat(new TreeSet<>(fixture.picks(PORTS))).isEqualTo(portsIn(EndpointState.READY));
    } else {
      assertThat(fixture.helper.state())
          .isEqualTo(
              state.connecting() > 0
                  ? ConnectivityState.CONNECTING
                  : ConnectivityState.TRANSIENT_FAILURE);
      assertThat(fixture.picks(2)).containsOnly(0);
    }
  }

  private int count(EndpointState wanted) {
    return portsIn(wanted).size();
  }

  private Set<Integer> portsIn(EndpointState wanted) {
    Set<Integer> ports = new TreeSet<>();
    model.forEach(
        (port, actual) -> {
          if (actual == wanted) {
            ports.add(port);
          }
        });
    return ports;
  }
}
