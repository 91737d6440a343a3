package io.evenkeel.policy.rendezvous;

import io.evenkeel.policy.StableHash;
import io.evenkeel.policy.hash.Membership;
import io.evenkeel.policy.hash.Placement;
import io.evenkeel.policy.hash.SlotOwners;
import java.util.Arrays;

/**
 * Buckets of keys, each of which belongs to the endpoint that ranks highest for it.
 *
 * <h2>How it works</h2>
 *
 * Each endpoint visits buckets drawn from its identity, one after the other, as often per unit of
 * time as it weighs. A bucket belongs to the endpoint that comes first. When that will be does not
 * depend on the others, which makes this a weighted rendezvous: an endpoint that joins, or weighs
 * more, takes buckets, and one that leaves gives them up; no bucket goes from one of the others to
 * another.
 *
 * <p>To let all visit all would take as many steps as there are pairs. Time ends when there were
 * {@value #VISITS_PER_BUCKET} visits for each bucket, whatever the number of endpoints. The one in
 * twenty that no one has come to then goes with the next bucket. As the end of time depends on the
 * total weight, a change of it moves about a sixth more buckets than it must.
 *
 * <p>Immutable.
 *
 * @see <a href="https://www.eecs.umich.edu/techreports/cse/96/CSE-TR-316-96.pdf">Thaler,
 *     Ravishankar, A Name-Based Mapping Scheme for Rendezvous (1996)</a>
 */
final class RendezvousTable implements Placement {
  private static final int VISITS_PER_BUCKET = 3;

  private static final int INDEX_BITS = 24;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int TIME_BITS = 39;
  private static final long NEVER = Long.MAX_VALUE;

  private final SlotOwners winners;
  private final int shift;

  private RendezvousTable(SlotOwners winners) {
    this.winners = winners;
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(winners.slots());
  }

  /** A table of {@code size} buckets, a power of two, for {@code members}. */
  static RendezvousTable of(Membership members, int size) {
    return new RendezvousTable(SlotOwners.of(winners(firstVisits(members, size)), members.size()));
  }

  @Override
  public int slots() {
    return winners.slots();
  }

  @Override
  public int slotOf(long hash) {
    return (int) (hash >>> shift);
  }

  @Override
  public int indexAt(int slot) {
    return winners.at(slot);
  }

  /** For each bucket, when it is first visited and by whom: the time above the index. */
  private static long[] firstVisits(Membership members, int size) {
    long[] first = new long[size];
    Arrays.fill(first, NEVER);
    double visitsPerWeight = VISITS_PER_BUCKET * (double) size / members.totalWeight();
    for (int index = 0; index < members.size(); index++) {
      visit(members, index, members.weight(index) * visitsPerWeight, first);
    }
    return first;
  }

  /** Lets the member at {@code index} make {@code visits} visits until the end of time. */
  private static void visit(Membership members, int index, double visits, long[] first) {
    int bucketShift = Long.SIZE - Integer.numberOfTrailingZeros(first.length);
    double ticksPerVisit = (1L << TIME_BITS) / visits;
    long seed = members.identity(index);
    for (int visit = 0; visit < visits; visit++) {
      seed += StableHash.STEP;
      long drawn = StableHash.mix(seed);
      // The bucket is drawn from the upper bits, the moment within the visit's turn from the lower.
      double time = (visit + (drawn & 0xFFFF_FFFFL) * 0x1p-32) * ticksPerVisit;
      int bucket = (int) (drawn >>> bucketShift);
      long claim = (long) time << INDEX_BITS | index;
      if (time < 1L << TIME_BITS && precedes(claim, first[bucket], members)) {
        first[bucket] = claim;
      }
    }
  }

  /** Two that come at the same tick are told apart as every client tells them apart. */
  private static boolean precedes(long claim, long other, Membership members) {
    if (claim >>> INDEX_BITS != other >>> INDEX_BITS || other == NEVER) {
      return claim < other;
    }
    return members.identity((int) claim & INDEX_MASK) < members.identity((int) other & INDEX_MASK);
  }

  private static int[] winners(long[] first) {
    int[] winners = new int[first.length];
    int next = 0;
    for (int lap = 0; lap < 2; lap++) { // the second fills the gap at the end
      for (int bucket = first.length - 1; bucket >= 0; bucket--) {
        next = first[bucket] == NEVER ? next : (int) first[bucket] & INDEX_MASK;
        winners[bucket] = next;
      }
    }
    return winners;
  }
}
