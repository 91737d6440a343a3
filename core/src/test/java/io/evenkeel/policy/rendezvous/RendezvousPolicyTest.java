package io.evenkeel.policy.rendezvous;

import static io.evenkeel.policy.hash.HashFleet.moved;
import static io.evenkeel.policy.hash.HashFleet.owners;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashFleet;
import io.evenkeel.policy.hash.HashPolicyContract;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RendezvousPolicyTest extends HashPolicyContract {

  @Override
  protected PolicyProvider provider() {
    return new RendezvousPolicyProvider();
  }

  @Override
  protected double maxMovedToOneOfThousand() {
    return 0.002;
  }

  @Override
  protected double shareTolerance() {
    return 0.15; // keys and buckets of an endpoint of a hundred, 3.5 standard deviations each
  }

  /** An endpoint that weighs more takes keys; next to none moves between the others. */
  @Test
  void pick_oneWeighsMore_keysMoveToIt() {
    HashFleet fleet = fleet();
    int[] numbers = IntStream.range(0, 100).toArray();
    Candidate[] before = owners(fleet.picker(numbers, number -> 10), KEYS);

    Candidate[] after = owners(fleet.picker(numbers, number -> number == 7 ? 20 : 10), KEYS);

    int gained = fleet.shares(after, 100)[7] - fleet.shares(before, 100)[7];
    assertThat(gained).isGreaterThan(KEYS / 150);
    assertThat(moved(before, after) - gained).isLessThan(gained / 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100, 1000, 10_000})
  void table_ofAnyFleet_reachesEach(int size) {
    RendezvousTable table = RendezvousTable.of(fleet().members(size, number -> 1), 131_072);

    assertThat(IntStream.range(0, table.slots()).map(table::indexAt).distinct()).hasSize(size);
  }

  @Test
  void slotOf_anyHash_isInTheTable() {
    RendezvousTable table = RendezvousTable.of(fleet().members(3, number -> 1), 1024);

    assertThat(table.slotOf(0)).isZero();
    assertThat(table.slotOf(-1)).isEqualTo(1023);
  }

  @Test
  void configure_noPowerOfTwo_isRefusedWithTheNext() {
    ConfigReader config = new ConfigReader("rendezvous", Map.of("tableSize", 65_537));

    assertThatThrownBy(() -> provider().configure(config))
        .isInstanceOf(ConfigException.class)
        .hasMessage("rendezvous.tableSize: 65537 (expected: a power of two such as 131072)");
  }
}
