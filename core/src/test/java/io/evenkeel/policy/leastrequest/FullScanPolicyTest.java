package io.evenkeel.policy.leastrequest;

import static io.evenkeel.policy.Picks.chiSquare;
import static io.evenkeel.policy.Picks.context;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.Picks.next;
import static io.evenkeel.policy.TestCandidate.busy;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Picks;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FullScanPolicyTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 100, 1000})
  void pick_oneLessBusyThanAllOthers_takesIt(int size) {
    for (int idle = 0; idle < size; idle += 1 + size / 10) {
      Rotation rotation = rotation(size);
      Picker picker = policy(Map.of()).newPicker(rotation);
      for (int i = 0; i < size; i++) {
        busy(rotation.get(i), i == idle ? 1 : 2);
      }

      assertThat(next(picker, rotation)).isEqualTo(idle);
    }
  }

  @Test
  void newPicker_callsInFlightAlready_takesTheLeastBusy() {
    Rotation rotation = rotation(3);
    busy(rotation.get(0), 2);
    busy(rotation.get(2), 1);

    assertThat(next(policy(Map.of()).newPicker(rotation), rotation)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 10})
  void pick_allIdle_takesEachAlike(int size) {
    Rotation rotation = rotation(size);

    int[] counts = count(100_000, policy(Map.of()).newPicker(rotation), rotation);

    // Exceeded by one in a thousand of fair draws with 9 degrees of freedom.
    assertThat(chiSquare(counts)).isLessThan(27.9);
  }

  @Test
  void pick_callsThatStay_areDealtOutEvenly() {
    Rotation rotation = rotation(7);
    Picker picker = policy(Map.of()).newPicker(rotation);

    for (int i = 0; i < 700; i++) {
      busy(picker.pick(Picks.CALL), 1);
    }

    for (int i = 0; i < 7; i++) {
      assertThat(rotation.get(i).load().inFlight()).isEqualTo(100);
    }
  }

  @Test
  void pick_everyRandomHistory_takesOneThatNoOtherIsLessLoadedThan() {
    SplittableRandom random = new SplittableRandom(11);
    double[] weights = random.doubles(37, 1, 5).toArray();
    Rotation rotation = rotation(weights);
    Picker picker = policy(Map.of()).newPicker(rotation);
    Deque<ClientStreamTracer> running = new ArrayDeque<>();

    for (int step = 0; step < 20_000; step++) {
      if (running.size() < 200 && random.nextInt(5) > 1) {
        running.add(start(rotation.get(random.nextInt(37))));
      } else if (!running.isEmpty()) {
        running.remove().streamClosed(Status.OK);
      }
      assertThat(load(rotation, next(picker, rotation))).isEqualTo(least(rotation));
    }
  }

  @Test
  void pick_afterManyThreadsHaveStartedAndEndedCalls_takesTheLeastBusy() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 200; round++) {
        Rotation rotation = rotation(5);
        Picker picker = policy(Map.of()).newPicker(rotation);
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Integer>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          Random random = new Random(round * 4L + t);
          threads.add(() -> runCalls(start, picker, rotation, random));
        }

        for (Future<Integer> thread : pool.invokeAll(threads)) {
          thread.get();
        }

        assertThat(load(rotation, next(picker, rotation))).isEqualTo(least(rotation));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void newPicker_anEndpointHasLeft_noLongerFollowsIt() {
    Rotation before = rotation(2);
    Policy policy = policy(Map.of());
    policy.newPicker(before);
    Rotation after = new Rotation(List.of(before.get(0)), new double[] {1});

    policy.newPicker(after);

    assertThat(before.get(0).load().watched()).isTrue();
    assertThat(before.get(1).load().watched()).isFalse();
  }

  @Test
  void close_always_followsNoEndpoint() {
    Rotation rotation = rotation(2);
    Policy policy = policy(Map.of());
    policy.newPicker(rotation);

    policy.close();

    assertThat(rotation.get(0).load().watched()).isFalse();
    assertThat(rotation.get(1).load().watched()).isFalse();
  }

  @Test
  void configure_choiceCountBesideFullScan_isRefused() {
    assertThatThrownBy(() -> policy(Map.of("choiceCount", 3)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("least_request.choiceCount: 3 (expected: none");
  }

  @Test
  void configure_noBias_isRefused() {
    assertThatThrownBy(() -> policy(Map.of("activeRequestBias", 0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("least_request.activeRequestBias: 0 (expected: more than 0");
  }

  private static int runCalls(CyclicBarrier start, Picker picker, Rotation rotation, Random random)
      throws Exception {
    start.await();
    Deque<ClientStreamTracer> running = new ArrayDeque<>();
    for (int i = 0; i < 200; i++) {
      Candidate candidate =
          random.nextBoolean() ? picker.pick(Picks.CALL) : rotation.get(random.nextInt(5));
      running.add(start(candidate));
      if (random.nextInt(10) > 1) {
        running.remove().streamClosed(Status.OK);
      }
    }
    return running.size();
  }

  private static ClientStreamTracer start(Candidate candidate) {
    return candidate.load().newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
  }

  private static double least(Rotation rotation) {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < rotation.size(); i++) {
      least = Math.min(least, load(rotation, i));
    }
    return least;
  }

  private static double load(Rotation rotation, int index) {
    return (rotation.get(index).load().inFlight() + 1) / rotation.weight(index);
  }

  private static Policy policy(Map<String, ?> settings) {
    Map<String, Object> config = new HashMap<>(settings);
    config.put("fullScan", true);
    return new LeastRequestPolicyProvider()
        .configure(new ConfigReader("least_request", config))
        .newPolicy(context(new Random(17)));
  }
}
