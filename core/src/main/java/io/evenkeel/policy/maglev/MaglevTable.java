package io.evenkeel.policy.maglev;

import io.evenkeel.policy.StableHash;
import io.evenkeel.policy.hash.Membership;
import io.evenkeel.policy.hash.Placement;
import io.evenkeel.policy.hash.SlotOwners;
import java.util.Arrays;

/**
 * A table of slots in which each endpoint has its share of the weight, to within one slot.
 *
 * <h2>How it works</h2>
 *
 * Each endpoint prefers the slots in an order of its own, drawn from its identity. In rounds, each
 * takes the free slot that it prefers most, a heavy endpoint several times and a light one now and
 * then, until no slot is left. A table of m slots takes about m ln m looks.
 *
 * <p>Immutable.
 *
 * @see <a href="https://research.google/pubs/pub44824/">Eisenbud et al., Maglev: A Fast and
 *     Reliable Software Network Load Balancer (2016), section 3.4</a>
 */
final class MaglevTable implements Placement {
  private static final int FREE = -1;

  private final SlotOwners owners;

  private MaglevTable(SlotOwners owners) {
    this.owners = owners;
  }

  /** A table of {@code size} slots, a prime number, for {@code members}. */
  static MaglevTable of(Membership members, int size) {
    return new MaglevTable(SlotOwners.of(new Filling(members, size).fill(), members.size()));
  }

  @Override
  public int slots() {
    return owners.slots();
  }

  @Override
  public int slotOf(long hash) {
    return (int) Math.multiplyHigh(hash >>> 1, 2L * owners.slots());
  }

  @Override
  public int indexAt(int slot) {
    return owners.at(slot);
  }

  /** The work of filling one table. */
  private static final class Filling {
    private final Membership members;
    private final int[] owners;
    private final int[] preferred; // of each member, the slot it looks at next
    private final int[] skips; // of each member, how far from there to the one after it
    private final double turnsPerWeight; // in a round

    Filling(Membership members, int size) {
      this.members = members;
      owners = new int[size];
      Arrays.fill(owners, FREE);
      preferred = new int[members.size()];
      skips = new int[members.size()];
      turnsPerWeight = members.size() / members.totalWeight();
      for (int i = 0; i < preferred.length; i++) {
        long drawn = StableHash.mix(members.identity(i));
        preferred[i] = (int) ((drawn >>> 32) % size);
        skips[i] = 1 + (int) ((drawn & 0xFFFF_FFFFL) % (size - 1));
      }
    }

    int[] fill() {
      int[] order = members.byIdentity();
      int free = owners.length;
      for (int round = 0; free > 0; round++) {
        for (int member : order) {
          for (int turn = Math.min(turns(member, round), free); turn > 0; turn--) {
            take(member);
            free--;
          }
        }
      }
      return owners;
    }

    /** How often {@code member} may take a slot in {@code round}: once if all weigh the same. */
    private int turns(int member, int round) {
      double pace = members.weight(member) * turnsPerWeight;
      // So that light endpoints do not all have their turn in the same round.
      double ahead = (members.identity(member) >>> 11) * 0x1p-53;
      return (int) (Math.floor((round + 1) * pace + ahead) - Math.floor(round * pace + ahead));
    }

    private void take(int member) {
      int slot = preferred[member];
      while (owners[slot] != FREE) {
        slot = after(slot, member);
      }
      owners[slot] = member;
      preferred[member] = after(slot, member);
    }

    private int after(int slot, int member) {
      int next = slot + skips[member];
      return next < owners.length ? next : next - owners.length;
    }
  }
}
