package io.evenkeel.policy.hash;

import static io.evenkeel.policy.hash.HashFleet.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.policy.Picker;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashFleet.Member;
import io.evenkeel.policy.maglev.MaglevPolicyProvider;
import io.evenkeel.policy.rendezvous.RendezvousPolicyProvider;
import io.evenkeel.policy.ringhash.RingHashPolicyProvider;
import io.grpc.ClientStreamTracer;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BoundedLoadTest {
  private static final double FACTOR = 1.25;

  static Stream<PolicyProvider> providers() {
    return Stream.of(
        new RingHashPolicyProvider(), new MaglevPolicyProvider(), new RendezvousPolicyProvider());
  }

  @ParameterizedTest
  @MethodSource("providers")
  void pick_thousandsOfCallsOfHotKeys_noEndpointExceedsTheBound(PolicyProvider provider) {
    Simulation simulation = new Simulation(provider, 50, number -> 1);

    simulation.run(30_000, 4000, 3);

    simulation.assertAllWithinBound();
  }

  @ParameterizedTest
  @MethodSource("providers")
  void pick_weighted_noEndpointExceedsTheBoundOfItsWeight(PolicyProvider provider) {
    Simulation simulation = new Simulation(provider, 40, number -> 1 + number % 4);

    simulation.run(30_000, 4000, 5);

    simulation.assertAllWithinBound();
  }

  /** More endpoints than are tried in turn are full, so chance has to find the rest. */
  @ParameterizedTest
  @MethodSource("providers")
  void pick_oneKeyForAThousandEndpoints_noEndpointExceedsTheBound(PolicyProvider provider) {
    Simulation simulation = new Simulation(provider, 1000, number -> 1);

    simulation.run(5000, 5000, 1);

    simulation.assertAllWithinBound();
  }

  @ParameterizedTest
  @MethodSource("providers")
  void pick_fewerCallsThanEndpoints_noEndpointHasTwo(PolicyProvider provider) {
    Simulation simulation = new Simulation(provider, 100, number -> 1);

    simulation.run(80, 80, 1);

    assertThat(simulation.mostInFlight()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void pick_loadGone_keyIsHomeAgain(PolicyProvider provider) {
    Simulation simulation = new Simulation(provider, 10, number -> 1);
    Member home = simulation.pick(7);
    ClientStreamTracer running = home.start();

    Member other = simulation.pick(7);
    running.streamClosed(Status.OK);

    assertThat(other).isNotSameAs(home);
    assertThat(simulation.pick(7)).isSameAs(home);
  }

  @Test
  void pick_noFactor_allCallsOfAKeyGoToOneEndpoint() {
    HashFleet fleet = new HashFleet(new RingHashPolicyProvider(), Map.of());
    Picker picker = fleet.picker(10);
    Member home = (Member) picker.pick(call(7));

    for (int i = 0; i < 1000; i++) {
      home.start();
    }

    assertThat(picker.pick(call(7))).isSameAs(home);
    assertThat(fleet.sum()).isZero();
  }

  @ParameterizedTest
  @MethodSource("providers")
  void newPicker_endpointLeft_itsCallsCountNoMore(PolicyProvider provider) {
    HashFleet fleet = new HashFleet(provider, Map.of("boundedLoadFactor", FACTOR));
    fleet.picker(3);
    fleet.member(2).start();
    fleet.member(1).start();

    fleet.picker(2);
    fleet.member(2).start();

    assertThat(fleet.sum()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void close_always_endsTheCounting(PolicyProvider provider) {
    HashFleet fleet = new HashFleet(provider, Map.of("boundedLoadFactor", FACTOR));
    Picker picker = fleet.picker(3);
    fleet.member(1).start();

    fleet.close();
    fleet.close();

    fleet.member(2).start();
    assertThat(fleet.sum()).isZero();
    assertThat(picker.pick(call(7))).isNotNull();
  }

  /** Threads that pick at the same moment do not see each other's call. */
  @Test
  void pick_manyThreads_exceedsTheBoundByThemAtMost() throws Exception {
    int threads = 4;
    HashFleet fleet =
        new HashFleet(new RingHashPolicyProvider(), Map.of("boundedLoadFactor", FACTOR));
    Picker picker = fleet.picker(8);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    ((Member) picker.pick(call(7))).start();
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(fleet.sum()).isEqualTo(4000);
    for (int number = 0; number < 8; number++) {
      assertThat(fleet.member(number).load().inFlight()).isLessThan(625 + threads);
    }
  }

  /** Calls that start and end on one thread, each checked as it starts. */
  private static final class Simulation {
    private final HashFleet fleet;
    private final int size;
    private final IntToDoubleFunction weights;
    private final Picker picker;
    private final double totalWeight;
    private final SplittableRandom random = new SplittableRandom(42);
    private final List<ClientStreamTracer> running = new ArrayList<>();

    Simulation(PolicyProvider provider, int size, IntToDoubleFunction weights) {
      this.fleet = new HashFleet(provider, Map.of("boundedLoadFactor", FACTOR));
      this.size = size;
      this.weights = weights;
      this.totalWeight = IntStream.range(0, size).mapToDouble(weights).sum();
      this.picker = fleet.picker(IntStream.range(0, size).toArray(), weights);
    }

    Member pick(long key) {
      return (Member) picker.pick(call(key));
    }

    /** Starts {@code calls}, ending others in any order while {@code most} are running. */
    void run(int calls, int most, int keys) {
      for (int i = 0; i < calls; i++) {
        while (running.size() >= most) {
          end();
        }
        Member taken = pick(random.nextInt(keys));
        running.add(taken.start());
        assertThat(taken.load().inFlight()).isLessThanOrEqualTo(bound(taken));
      }
    }

    /** Lets calls start but none end, until all that ended before make no difference. */
    void assertAllWithinBound() {
      while (!running.isEmpty()) {
        end();
      }
      run(3000, 3000, 2);
      for (int number = 0; number < size; number++) {
        Member member = fleet.member(number);
        assertThat(member.load().inFlight()).isLessThanOrEqualTo(bound(member));
      }
    }

    int mostInFlight() {
      return IntStream.range(0, size)
          .map(i -> fleet.member(i).load().inFlight())
          .max()
          .orElseThrow();
    }

    private int bound(Member member) {
      int number =
          IntStream.range(0, size).filter(i -> fleet.member(i) == member).findFirst().orElseThrow();
      return (int) Math.ceil(FACTOR * running.size() * weights.applyAsDouble(number) / totalWeight);
    }

    private void end() {
      int last = running.size() - 1;
      int ended = random.nextInt(running.size());
      running.get(ended).streamClosed(Status.OK);
      running.set(ended, running.get(last));
      running.remove(last);
    }
  }
}
