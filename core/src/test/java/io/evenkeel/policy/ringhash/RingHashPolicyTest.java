package io.evenkeel.policy.ringhash;

import static io.evenkeel.policy.hash.HashFleet.owners;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashFleet;
import io.evenkeel.policy.hash.HashPolicyContract;
import io.evenkeel.policy.hash.Membership;
import io.evenkeel.policy.hash.Placement;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RingHashPolicyTest extends HashPolicyContract {

  @Override
  protected PolicyProvider provider() {
    return new RingHashPolicyProvider();
  }

  @Override
  protected double maxMovedToOneOfThousand() {
    return 0.002;
  }

  @Override
  protected double shareTolerance() {
    return 0.45; // 3.5 standard deviations with 64 points
  }

  /** With 64 points each, nobody gives up any for the new one. */
  @Test
  void pick_oneAdded_keysMoveToItAndNowhereElse() {
    HashFleet fleet = fleet();
    Candidate[] before = owners(fleet.picker(1000), KEYS);
    Candidate[] after = owners(fleet.picker(1001), KEYS);

    for (int key = 0; key < KEYS; key++) {
      assertThat(after[key]).isIn(before[key], fleet.member(1000));
    }
  }

  /** What the picker does at once is what the next one will do. */
  @Test
  void pick_endpointLost_keysGoWhereTheyBelongWithoutIt() {
    HashFleet fleet = fleet();
    Picker whole = fleet.picker(1000);
    fleet.member(999).setReady(false);

    Candidate[] during = owners(whole, KEYS);

    assertThat(owners(fleet.picker(999), KEYS)).isEqualTo(during);
  }

  @Test
  void ring_tenThousandEndpoints_reachesEach() {
    Placement ring = ring(10_000);

    assertThat(reached(ring)).hasSize(10_000);
    assertThat(ring.slots()).isBetween(260_000, 265_000);
  }

  @Test
  void ring_smallerThanTheFleet_stillReachesEach() {
    assertThat(reached(Ring.of(fleet().members(1000, number -> 1), 1, 10))).hasSize(1000);
  }

  @Test
  void ring_aMillionAmongOnes_reachesEach() {
    Membership members = fleet().members(1000, number -> number == 0 ? 1e6 : 1);

    assertThat(reached(Ring.of(members, 1024, 262_144))).hasSize(1000);
  }

  @Test
  void ring_fewEndpoints_hasTheMinimum() {
    assertThat(Ring.of(fleet().members(3, number -> 1), 5000, 5000).slots()).isBetween(4997, 5003);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100, 5000})
  void slotOf_growingHash_goesRoundOnce(int size) {
    Placement ring = ring(size);
    int last = ring.slotOf(0);

    assertThat(last).isZero();
    for (long step = 1; step < 1 << 16; step++) {
      int slot = ring.slotOf(step << 48);
      // Once round, from the first point over the last back to the first.
      assertThat(slot == 0 ? last : slot).isBetween(last, ring.slots() - 1);
      last = slot == 0 ? last : slot;
    }
    assertThat(ring.slotOf(-1)).isZero();
  }

  @Test
  void configure_minimumOverMaximum_isRefused() {
    ConfigReader config =
        new ConfigReader("ring_hash", Map.of("minRingSize", 2000, "maxRingSize", 100));

    assertThatThrownBy(() -> provider().configure(config))
        .isInstanceOf(ConfigException.class)
        .hasMessage("ring_hash.minRingSize: 2000 (expected: at most maxRingSize, which is 100)");
  }

  @Test
  void configure_minimumOverTheDefaultMaximum_raisesThat() {
    provider().configure(new ConfigReader("ring_hash", Map.of("minRingSize", 1_000_000)));
  }

  @Test
  void configure_misspelt_namesTheNearest() {
    ConfigReader config = new ConfigReader("ring_hash", Map.of("minRingsize", 2000));
    provider().configure(config);

    assertThatThrownBy(config::rejectUnknownFields)
        .hasMessage("ring_hash.minRingsize: unknown field (did you mean \"minRingSize\"?)");
  }

  private Placement ring(int size) {
    return Ring.of(fleet().members(size, number -> 1), 1024, 262_144);
  }

  private static Set<Integer> reached(Placement placement) {
    return IntStream.range(0, placement.slots())
        .mapToObj(placement::indexAt)
        .collect(Collectors.toSet());
  }
}
