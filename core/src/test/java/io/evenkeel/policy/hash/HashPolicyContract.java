package io.evenkeel.policy.hash;

import static io.evenkeel.policy.hash.HashFleet.call;
import static io.evenkeel.policy.hash.HashFleet.moved;
import static io.evenkeel.policy.hash.HashFleet.owners;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.evenkeel.CallKeys;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashFleet.Member;
import io.evenkeel.testkit.FakeHelper;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every policy that hashes must do. */
public abstract class HashPolicyContract {
  protected static final int KEYS = 200_000;

  /** The policy under test. */
  protected abstract PolicyProvider provider();

  /** The part of all keys that may move when one endpoint joins a thousand. */
  protected abstract double maxMovedToOneOfThousand();

  /** How far an endpoint of a hundred may be from its share, as a part of that share. */
  protected abstract double shareTolerance();

  @Test
  void pick_sameKey_goesToTheSameEndpoint() {
    Picker picker = fleet().picker(100);

    assertThat(owners(picker, 1000)).isEqualTo(owners(picker, 1000));
  }

  @Test
  void pick_listInAnotherOrder_goesToTheSameEndpoint() {
    HashFleet fleet = fleet();
    int[] backwards = IntStream.iterate(999, number -> number - 1).limit(1000).toArray();

    Candidate[] before = owners(fleet.picker(1000), KEYS);

    assertThat(owners(fleet.picker(backwards, number -> 1), KEYS)).isEqualTo(before);
  }

  @Test
  void pick_onAnotherClient_goesToTheSameEndpoint() {
    Candidate[] here = owners(fleet().picker(100), KEYS);
    Candidate[] there = owners(fleet().picker(100), KEYS);

    for (int key = 0; key < KEYS; key++) {
      assertThat(there[key]).hasToString(here[key].toString());
    }
  }

  @Test
  void pick_allWeightsTenfold_goesToTheSameEndpoint() {
    HashFleet fleet = fleet();
    int[] numbers = IntStream.range(0, 100).toArray();

    Candidate[] before = owners(fleet.picker(numbers, number -> 1 + number % 3), KEYS);

    assertThat(owners(fleet.picker(numbers, number -> 10 * (1 + number % 3)), KEYS))
        .isEqualTo(before);
  }

  @Test
  void pick_oneAddedToThousand_movesFewKeys() {
    HashFleet fleet = fleet();

    Candidate[] before = owners(fleet.picker(1000), KEYS);
    Candidate[] after = owners(fleet.picker(1001), KEYS);

    assertThat(after).contains(fleet.member(1000));
    assertThat(moved(before, after)).isLessThanOrEqualTo((int) (maxMovedToOneOfThousand() * KEYS));
  }

  @Test
  void pick_oneLeavesAndComesBack_everyKeyIsWhereItWas() {
    HashFleet fleet = fleet();
    Candidate[] before = owners(fleet.picker(100), KEYS);

    owners(fleet.picker(99), KEYS);

    assertThat(owners(fleet.picker(100), KEYS)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 100})
  void pick_evenWeights_sharesAreEven(int size) {
    HashFleet fleet = fleet();

    int[] shares = fleet.shares(owners(fleet.picker(size), KEYS), size);

    for (int share : shares) {
      assertThat(share / ((double) KEYS / size))
          .isBetween(1 - shareTolerance(), 1 + shareTolerance());
    }
  }

  @Test
  void pick_weighted_sharesFollowTheWeights() {
    HashFleet fleet = fleet();
    int[] numbers = IntStream.range(0, 20).toArray();

    int[] shares = fleet.shares(owners(fleet.picker(numbers, number -> 1 + number), KEYS), 20);

    for (int number : numbers) {
      double expected = KEYS * (1 + number) / 210.0;
      // The lightest have a fourteenth of the mean, so chance tells more.
      double tolerance = shareTolerance() * Math.max(1, Math.sqrt(10.5 / (1 + number)));
      assertThat(shares[number] / expected)
          .as("share of %s", number)
          .isBetween(1 - tolerance, 1 + tolerance);
    }
  }

  @Test
  void pick_millionToOne_lightEndpointTakesNextToNothing() {
    HashFleet fleet = fleet();

    int[] shares =
        fleet.shares(
            owners(fleet.picker(new int[] {0, 1}, number -> number == 0 ? 1e6 : 1), KEYS), 2);

    assertThat(shares[1]).isLessThan(KEYS / 200);
  }

  @Test
  void pick_oneEndpoint_isAlwaysIt() {
    HashFleet fleet = fleet();

    assertThat(owners(fleet.picker(1), 1000)).containsOnly(fleet.member(0));
  }

  @Test
  void pick_noKey_goesAnywhere() {
    HashFleet fleet = fleet();
    Picker picker = fleet.picker(10);
    PickSubchannelArgs keyless = FakeHelper.call(CallOptions.DEFAULT);
    Candidate[] taken = new Candidate[10_000];

    for (int i = 0; i < taken.length; i++) {
      taken[i] = picker.pick(keyless);
    }

    int[] shares = fleet.shares(taken, 10);
    Arrays.sort(shares);
    assertThat(shares[0]).isGreaterThan(600);
  }

  @Test
  void pick_endpointLost_onlyItsKeysMoveAndAllToReadyOnes() {
    HashFleet fleet = fleet();
    Picker picker = fleet.picker(10);
    Candidate[] before = owners(picker, KEYS);
    Member lost = fleet.member(3);

    lost.setReady(false);
    Candidate[] during = owners(picker, KEYS);

    assertThat(during).doesNotContain(lost);
    assertThat(moved(before, during)).isEqualTo(fleet.shares(before, 10)[3]);
    lost.setReady(true);
    assertThat(owners(picker, KEYS)).isEqualTo(before);
  }

  @Test
  void pick_allButOneLost_findsIt() {
    HashFleet fleet = fleet();
    Picker picker = fleet.picker(500);
    IntStream.range(0, 499).forEach(number -> fleet.member(number).setReady(false));

    assertThat(owners(picker, 1000)).containsOnly(fleet.member(499));
  }

  @Test
  void pick_allLost_answersAllTheSame() {
    HashFleet fleet = fleet();
    Picker picker = fleet.picker(3);
    IntStream.range(0, 3).forEach(number -> fleet.member(number).setReady(false));

    assertThat(owners(picker, 10)).doesNotContainNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.25"})
  void pick_whateverTheCallCarries_allocatesNothing(String factor) {
    HashFleet fleet =
        new HashFleet(
            provider(),
            factor.isEmpty()
                ? Map.of("header", "x-user-id")
                : Map.of("header", "x-user-id", "boundedLoadFactor", factor));
    Picker picker = fleet.picker(100);
    PickSubchannelArgs[] calls = {
      call(7),
      FakeHelper.call(CallOptions.DEFAULT),
      FakeHelper.call(CallOptions.DEFAULT.withOption(CallKeys.HASH_KEY, "user-42")),
      HashPickerTest.callWithHeader("x-user-id", "user-42")
    };

    long allocated = Math.min(allocated(picker, calls), allocated(picker, calls));

    // A single object of the smallest size in each pick would be 640,000 bytes.
    assertThat(allocated).isLessThan(10_000);
  }

  private static long allocated(Picker picker, PickSubchannelArgs[] calls) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 40_000; i++) {
      picker.pick(calls[i % calls.length]);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  protected final HashFleet fleet() {
    return new HashFleet(provider(), Map.of());
  }
}
