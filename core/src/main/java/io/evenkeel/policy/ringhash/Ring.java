package io.evenkeel.policy.ringhash;

import io.evenkeel.policy.StableHash;
import io.evenkeel.policy.hash.Membership;
import io.evenkeel.policy.hash.Placement;

/**
 * A ring on which each endpoint has points; a key belongs to the endpoint of the next point.
 *
 * <h2>How it works</h2>
 *
 * An endpoint's points depend on nothing but its identity, and their number on its share of the
 * weight. The number is rounded up or down by chance, which the identity decides too: where all
 * endpoints must give up points for a new one, a few of them lose one, never all at once.
 *
 * <p>The points lie sorted in one array: position in the upper bits, index of the endpoint in the
 * lower. The circle is cut into equal arcs of 2 to 4 points on average, and a second array tells
 * each arc's first point. So neither a look-up nor sorting one point depends on the size.
 *
 * <p>Immutable.
 *
 * @see <a href="https://doi.org/10.1145/258533.258660">Karger et al., Consistent Hashing and Random
 *     Trees (1997)</a>
 */
final class Ring implements Placement {
  static final int POINTS_PER_ENDPOINT = 64;

  private static final int INDEX_BITS = 24;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

  private final long[] points;
  private final int[] starts; // the first point at or after the beginning of each arc
  private final int shift;

  private Ring(long[] points, int[] starts) {
    this.points = points;
    this.starts = starts;
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(starts.length);
  }

  /** The ring of {@code members}, of {@code min} to {@code max} points. */
  static Ring of(Membership members, int min, int max) {
    long wanted = POINTS_PER_ENDPOINT * (long) members.size();
    double size = Math.max(min, Math.min(max, wanted));
    return new Making(members, size / members.totalWeight()).ring();
  }

  @Override
  public int slots() {
    return points.length;
  }

  @Override
  public int slotOf(long hash) {
    long position = hash >>> INDEX_BITS;
    int slot = starts[(int) (hash >>> shift)];
    while (slot < points.length && points[slot] >>> INDEX_BITS < position) {
      slot++;
    }
    return slot == points.length ? 0 : slot;
  }

  @Override
  public int indexAt(int slot) {
    return (int) points[slot] & INDEX_MASK;
  }

  /** The work of making one ring. */
  private static final class Making {
    private final Membership members;
    private final double pointsPerWeight;
    private final int[] starts;
    private final int shift;
    private final long[] points;

    Making(Membership members, double pointsPerWeight) {
      this.members = members;
      this.pointsPerWeight = pointsPerWeight;
      int size = 0;
      for (int i = 0; i < members.size(); i++) {
        size += pointsOf(i);
      }
      points = new long[size];
      starts = new int[Integer.highestOneBit(Math.max(4, size / 2))];
      shift = Long.SIZE - Integer.numberOfTrailingZeros(starts.length);
    }

    /** Sorts the points into arcs, and those of one arc, of which there are few, by insertion. */
    Ring ring() {
      countPerArc();
      for (int arc = 1; arc < starts.length; arc++) {
        starts[arc] += starts[arc - 1];
      }
      putIntoArcs();
      for (int i = 1; i < points.length; i++) {
        sink(i);
      }
      return new Ring(points, starts);
    }

    /** At least one, so that no endpoint stays without calls. */
    private int pointsOf(int index) {
      double chance = (members.identity(index) >>> 11) * 0x1p-53;
      return Math.max(1, (int) (members.weight(index) * pointsPerWeight + chance));
    }

    private void countPerArc() {
      for (int i = 0; i < members.size(); i++) {
        long seed = members.identity(i);
        for (int left = pointsOf(i); left > 0; left--) {
          seed += StableHash.STEP;
          starts[(int) (StableHash.mix(seed) >>> shift)]++;
        }
      }
    }

    /** Fills each arc from its end, after which {@code starts} is what it says. */
    private void putIntoArcs() {
      for (int i = 0; i < members.size(); i++) {
        long seed = members.identity(i);
        for (int left = pointsOf(i); left > 0; left--) {
          seed += StableHash.STEP;
          long position = StableHash.mix(seed);
          points[--starts[(int) (position >>> shift)]] = (position & ~INDEX_MASK) | i;
        }
      }
    }

    private void sink(int from) {
      long point = points[from];
      int to = from;
      for (; to > 0 && precedes(point, points[to - 1]); to--) {
        points[to] = points[to - 1];
      }
      points[to] = point;
    }

    /** Two points on one spot are told apart as every client tells them apart. */
    private boolean precedes(long point, long other) {
      long position = point >>> INDEX_BITS;
      long otherPosition = other >>> INDEX_BITS;
      return position == otherPosition
          ? members.identity((int) point & INDEX_MASK) < members.identity((int) other & INDEX_MASK)
          : position < otherPosition;
    }
  }
}
