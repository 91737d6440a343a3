package io.evenkeel.policy.maglev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashPolicyContract;
import io.evenkeel.policy.hash.Membership;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaglevPolicyTest extends HashPolicyContract {
  private static final int SIZE = 65_537;

  @Override
  protected PolicyProvider provider() {
    return new MaglevPolicyProvider();
  }

  @Override
  protected double maxMovedToOneOfThousand() {
    return 0.01;
  }

  @Override
  protected double shareTolerance() {
    return 0.12; // of the keys, of which an endpoint of a hundred has 2,000; slots are even
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100, 10_000})
  void table_evenWeights_allHaveTheSameToWithinOneSlot(int size) {
    int[] slots = slots(fleet().members(size, number -> 1), SIZE);

    for (int count : slots) {
      assertThat(count).isBetween(SIZE / size, SIZE / size + 1);
    }
  }

  @Test
  void table_randomWeights_sharesAreRightToWithinTwoSlots() {
    double[] weights = new Random(1).ints(1000, 1, 101).asDoubleStream().toArray();
    Membership members = fleet().members(1000, number -> weights[number]);

    int[] slots = slots(members, SIZE);

    for (int i = 0; i < weights.length; i++) {
      double expected = SIZE * weights[i] / members.totalWeight();
      assertThat((double) slots[i]).isBetween(expected - 2, expected + 2);
    }
  }

  @Test
  void table_fewerSlotsThanEndpoints_isStillFilled() {
    int[] slots = slots(fleet().members(1000, number -> 1), 101);

    assertThat(slots).containsOnly(0, 1);
  }

  @Test
  void slotOf_anyHash_isInTheTable() {
    MaglevTable table = MaglevTable.of(fleet().members(3, number -> 1), SIZE);

    assertThat(table.slotOf(0)).isZero();
    assertThat(table.slotOf(Long.MAX_VALUE)).isEqualTo(SIZE / 2);
    assertThat(table.slotOf(-1)).isEqualTo(SIZE - 1);
  }

  @Test
  void configure_notPrime_isRefusedWithTheNextPrime() {
    ConfigReader config = new ConfigReader("maglev", Map.of("tableSize", 65_536));

    assertThatThrownBy(() -> provider().configure(config))
        .isInstanceOf(ConfigException.class)
        .hasMessage("maglev.tableSize: 65536 (expected: a prime number such as 65537)");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 65_537, 5_000_011})
  void configure_prime_isTaken(int size) {
    provider().configure(new ConfigReader("maglev", Map.of("tableSize", size)));
  }

  private static int[] slots(Membership members, int size) {
    MaglevTable table = MaglevTable.of(members, size);
    int[] counts = new int[members.size()];
    for (int slot = 0; slot < table.slots(); slot++) {
      counts[table.indexAt(slot)]++;
    }
    return counts;
  }
}
