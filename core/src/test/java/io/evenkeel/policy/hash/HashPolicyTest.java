package io.evenkeel.policy.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.ringhash.RingHashPolicyProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HashPolicyTest {
  private static final int[] TWO = {0, 1};

  private final List<Membership> placed = new ArrayList<>();
  private final HashFleet fleet = new HashFleet(new RingHashPolicyProvider(), Map.of());
  private final Policy policy =
      new HashPolicy(
          HashConfig.read(new ConfigReader("test", Map.of())),
          new SplittableRandom(1),
          this::place);

  @Test
  void newPicker_sameMembersAgain_keepsThePlacement() {
    policy.newPicker(fleet.rotation(TWO, number -> 1));
    policy.newPicker(fleet.rotation(TWO, number -> 1));

    assertThat(placed).hasSize(1);
  }

  @Test
  void newPicker_endpointLeftAndCameBack_takesTheNewCandidate() {
    policy.newPicker(fleet.rotation(TWO, number -> 1));
    HashFleet restarted = new HashFleet(new RingHashPolicyProvider(), Map.of());

    Picker picker = policy.newPicker(restarted.rotation(TWO, number -> 1));

    assertThat(placed).hasSize(1);
    assertThat(picker.pick(HashFleet.call(7))).isSameAs(restarted.member(0));
  }

  @Test
  void newPicker_anotherMember_placesAnew() {
    policy.newPicker(fleet.rotation(TWO, number -> 1));
    policy.newPicker(fleet.rotation(new int[] {0, 2}, number -> 1));

    assertThat(placed).hasSize(2);
  }

  @Test
  void newPicker_anotherWeight_placesAnew() {
    policy.newPicker(fleet.rotation(TWO, number -> 1));
    policy.newPicker(fleet.rotation(TWO, number -> 1 + number));

    assertThat(placed).hasSize(2);
  }

  @Test
  void newPicker_anotherOrder_placesAnew() {
    policy.newPicker(fleet.rotation(TWO, number -> 1));
    policy.newPicker(fleet.rotation(new int[] {1, 0}, number -> 1));

    assertThat(placed).hasSize(2);
  }

  @Test
  void newPicker_anotherHashKey_placesAnew() {
    policy.newPicker(fleet.rotation(TWO, number -> 1));
    fleet.member(1).setHashKey("shard-1");
    policy.newPicker(fleet.rotation(TWO, number -> 1));

    assertThat(placed).hasSize(2);
  }

  @Test
  void membership_sameHashKeyTwice_givesTheSecondAnotherIdentity() {
    fleet.member(0).setHashKey("shard");
    fleet.member(1).setHashKey("shard");

    Membership members = Membership.of(fleet.rotation(TWO, number -> 1));

    assertThat(members.identity(0)).isEqualTo(fleet.member(0).identity());
    assertThat(members.identity(1)).isNotEqualTo(members.identity(0));
    assertThat(members.indexOf(members.identity(1))).isEqualTo(1);
    assertThat(members.matches(fleet.rotation(TWO, number -> 1))).isTrue();
  }

  @Test
  void membership_tenThousand_findsEachByItsIdentity() {
    Membership members = fleet.members(10_000, number -> 1);

    for (int i = 0; i < members.size(); i++) {
      assertThat(members.indexOf(members.identity(i))).isEqualTo(i);
    }
    assertThat(members.indexOf(0)).isNegative();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x user", ":path", "n\u00e4me"})
  void config_noHeaderCanHaveThatName_isRefused(String name) {
    assertThatThrownBy(() -> HashConfig.read(new ConfigReader("ring_hash", Map.of("header", name))))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "ring_hash.header: \"" + name + "\" (expected: a header name such as \"x-user-id\")");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 1.001, 101})
  void config_factorOutOfRange_isRefused(double factor) {
    ConfigReader config = new ConfigReader("maglev", Map.of("boundedLoadFactor", factor));

    assertThatThrownBy(() -> HashConfig.read(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("maglev.boundedLoadFactor: ")
        .hasMessageContaining("(expected: a number 1.01..100");
  }

  private Placement place(Membership members) {
    placed.add(members);
    return new FirstOwnsAll();
  }

  private static final class FirstOwnsAll implements Placement {
    @Override
    public int slots() {
      return 1;
    }

    @Override
    public int slotOf(long hash) {
      return 0;
    }

    @Override
    public int indexAt(int slot) {
      return 0;
    }
  }
}
