package io.evenkeel.policy.leastrequest;

import static io.evenkeel.policy.Picks.chiSquare;
import static io.evenkeel.policy.Picks.context;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.Picks.countConcurrently;
import static io.evenkeel.policy.Picks.drawing;
import static io.evenkeel.policy.Picks.next;
import static io.evenkeel.policy.Picks.seededPerThread;
import static io.evenkeel.policy.TestCandidate.busy;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LeastRequestPolicyTest {

  @Test
  void pick_twoEndpoints_takesTheLessBusy() {
    Rotation rotation = rotation(2);
    busy(rotation.get(0), 3);
    busy(rotation.get(1), 1);

    assertThat(next(picker(rotation, 2, drawing(2, 0, 1)), rotation)).isEqualTo(1);
    assertThat(next(picker(rotation, 2, drawing(2, 1, 1)), rotation)).isEqualTo(1);
  }

  @Test
  void pick_equallyBusy_takesTheFirstDrawn() {
    Rotation rotation = rotation(3);

    assertThat(next(picker(rotation, 2, drawing(3, 2, 1)), rotation)).isEqualTo(2);
  }

  @Test
  void pick_leastBusyNotDrawn_isNotTaken() {
    Rotation rotation = rotation(3);
    busy(rotation.get(0), 2);
    busy(rotation.get(1), 1);

    assertThat(next(picker(rotation, 2, drawing(3, 0, 1)), rotation)).isEqualTo(1);
  }

  @Test
  void pick_oneEndpoint_isAlwaysIt() {
    Rotation rotation = rotation(1);
    busy(rotation.get(0), 5);

    assertThat(next(picker(rotation, 2, drawing(1, 0, 1)), rotation)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7})
  void pick_everyScript_drawsTwoDistinctAndReachesEveryPair(int size) {
    boolean[][] met = new boolean[size][size];

    for (int first = 0; first < size; first++) {
      for (int ahead = 1; ahead < size; ahead++) {
        int second = drawnWith(first, drawing(size, first, ahead), size);
        met[first][second] = true;
      }
    }

    for (int first = 0; first < size; first++) {
      for (int second = 0; second < size; second++) {
        assertThat(met[first][second]).as("%s and %s", first, second).isEqualTo(first != second);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3,3", "3,100", "2,5", "6,6"})
  void pick_asManyChoicesAsEndpoints_findsTheLeastBusyOfAll(int size, int choices) {
    for (int idle = 0; idle < size; idle++) {
      Rotation rotation = rotation(size);
      for (int i = 0; i < size; i++) {
        busy(rotation.get(i), i == idle ? 1 : 2);
      }

      int[] counts = count(200, picker(rotation, choices, new Random(idle)), rotation);

      assertThat(counts[idle]).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"10,2", "10,3", "10,4", "7,5", "3,2"})
  void pick_allIdle_takesEachAlike(int size, int choices) {
    Rotation rotation = rotation(size);

    int[] counts = count(100_000, picker(rotation, choices, new Random(42)), rotation);

    // 27.9 is exceeded by one in a thousand of fair draws with 9 degrees of freedom.
    assertThat(chiSquare(counts)).isLessThan(27.9);
  }

  @ParameterizedTest
  @CsvSource({"10,2", "10,3", "10,4", "7,5"})
  void pick_oneIdleAmongBusy_isFoundAsOftenAsItIsDrawn(int size, int choices) {
    int[] found = new int[size];

    for (int idle = 0; idle < size; idle++) {
      Rotation rotation = rotation(size);
      for (int i = 0; i < size; i++) {
        busy(rotation.get(i), i == idle ? 0 : 1);
      }
      found[idle] = count(20_000, picker(rotation, choices, new Random(idle)), rotation)[idle];
    }

    double expected = 20_000.0 * choices / size;
    for (int idle = 0; idle < size; idle++) {
      // Five standard deviations of the binomial.
      double bound = 5 * Math.sqrt(expected * (1 - (double) choices / size));
      assertThat((double) found[idle]).isBetween(expected - bound, expected + bound);
    }
  }

  @Test
  void pick_twiceTheWeight_countsAsBusyWithTwiceTheCalls() {
    Rotation rotation = rotation(2, 1);
    busy(rotation.get(0), 3);
    busy(rotation.get(1), 1);

    int[] heavyBusier = count(100, picker(rotation, 2, new Random(1)), rotation);
    busy(rotation.get(1), 1);
    int[] lightBusier = count(100, picker(rotation, 2, new Random(1)), rotation);

    assertThat(heavyBusier).containsExactly(0, 100);
    assertThat(lightBusier).containsExactly(100, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void pick_idleEndpointsOfUnevenWeight_takesEachByItsWeight(int choices) {
    Rotation rotation = rotation(9, 1, 10);

    int[] counts = count(100_000, picker(rotation, choices, new Random(42)), rotation);

    assertThat(counts[0] / 100_000.0).isCloseTo(0.45, within(0.01));
    assertThat(counts[1] / 100_000.0).isCloseTo(0.05, within(0.01));
  }

  @Test
  void pick_heavyEndpointHangs_lightOnesTakeAll() {
    Rotation rotation = rotation(1000, 1, 1);
    busy(rotation.get(0), 1000);

    int[] counts = count(1000, picker(rotation, 2, new Random(3)), rotation);

    assertThat(counts[0]).isZero();
  }

  @Test
  void pick_biasOfZero_goesByWeightHoweverBusy() {
    Rotation rotation = rotation(3, 1);
    busy(rotation.get(0), 1000);

    int[] counts =
        count(100_000, picker(rotation, Map.of("activeRequestBias", 0), new Random(5)), rotation);

    assertThat(counts[0] / 100_000.0).isCloseTo(0.75, within(0.01));
  }

  @Test
  void pick_largerBias_bearsFewerCallsPerWeight() {
    Rotation rotation = rotation(4, 1);
    busy(rotation.get(0), 3);
    busy(rotation.get(1), 1);

    int[] plain = count(100, picker(rotation, 2, new Random(1)), rotation);
    int[] squared =
        count(100, picker(rotation, Map.of("activeRequestBias", 2), new Random(1)), rotation);

    // 3 / 4 is less than 1 / 1, but 3² / 4 is more.
    assertThat(plain).containsExactly(100, 0);
    assertThat(squared).containsExactly(0, 100);
  }

  @Test
  void pick_eightThreads_sharesWithinOnePercent() throws Exception {
    Rotation rotation = rotation(4);

    int[] counts = countConcurrently(8, 10_000, picker(rotation, 2, seededPerThread(7)), rotation);

    for (int count : counts) {
      assertThat(count / 80_000.0).isBetween(0.24, 0.26);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 101})
  void configure_choiceCountOutOfRange_isRefused(int choices) {
    ConfigReader config = new ConfigReader("least_request", Map.of("choiceCount", choices));

    assertThatThrownBy(() -> new LeastRequestPolicyProvider().configure(config))
        .isInstanceOf(ConfigException.class)
        .hasMessage("least_request.choiceCount: " + choices + " (expected: a whole number 2..100)");
  }

  /** The endpoint that is drawn besides {@code first}: it alone is idle when it wins. */
  private static int drawnWith(int first, RandomGenerator script, int size) {
    Rotation rotation = rotation(size);
    busy(rotation.get(first), 1);
    return next(picker(rotation, 2, script), rotation);
  }

  private static Picker picker(Rotation rotation, int choices, RandomGenerator random) {
    return picker(rotation, Map.of("choiceCount", choices), random);
  }

  private static Picker picker(Rotation rotation, Map<String, ?> config, RandomGenerator random) {
    return new LeastRequestPolicyProvider()
        .configure(new ConfigReader("least_request", config))
        .newPolicy(context(random))
        .newPicker(rotation);
  }
}
