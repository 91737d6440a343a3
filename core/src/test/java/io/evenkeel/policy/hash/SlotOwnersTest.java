package io.evenkeel.policy.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotOwnersTest {

  @Test
  void at_asManyMembersAsTwoBytesTell_areAsGiven() {
    int[] given = {0, 1, 65_535};

    assertThat(read(SlotOwners.of(given.clone(), 65_536))).containsExactly(given);
  }

  @Test
  void at_moreMembers_areAsGiven() {
    int[] given = {0, 65_535, 65_536};

    assertThat(read(SlotOwners.of(given.clone(), 65_537))).containsExactly(given);
  }

  private static int[] read(SlotOwners owners) {
    return IntStream.range(0, owners.slots()).map(owners::at).toArray();
  }
}
