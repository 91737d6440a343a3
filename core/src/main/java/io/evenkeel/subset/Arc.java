package io.evenkeel.subset;

import java.util.BitSet;
import java.util.Collection;

/**
 * A part of a ring on which each server has a segment of the same length, one after the other.
 *
 * <p>Where it starts is fixed. It ends where it has its base length and enough of it belongs to
 * good servers, or where it has gone all round. Lengths are whole units, so nothing is lost to
 * rounding, and what many arcs cover together is exact.
 *
 * <p>A change of a verdict moves the end over the segments that the change is worth: whatever the
 * number of servers, each is passed once for each change of one. Not thread-safe.
 */
final class Arc {
  private final int servers;
  private final long unit;
  private final long total;
  private final long start;
  private final long base;
  private final long needed;
  private final BitSet bad;
  private long length;
  private long good;

  /**
   * A ring.
   *
   * @param servers how many there are
   * @param unit length of each server's segment
   */
  private record Ring(int servers, long unit) {}

  private Arc(Ring ring, long start, long base, int size) {
    this.servers = ring.servers;
    this.unit = ring.unit;
    this.total = ring.servers * ring.unit;
    this.start = start;
    this.base = base;
    this.needed = Math.min(size * ring.unit, total);
    this.bad = new BitSet(ring.servers);
  }

  /** The first {@code size} of {@code servers}. */
  static Arc prefix(int servers, int size) {
    return new Arc(new Ring(servers, 1), 0, Math.min(size, servers), size);
  }

  /**
   * The part of a client. Clients have segments of the same length too. An arc is as many of these
   * as it takes for {@code size} servers, so each point of the ring is in equally many arcs.
   */
  static Arc ofPeer(int servers, int size, Peers peers) {
    long count = peers.count();
    long wanted = servers == 0 ? 1 : (size * count + servers - 1) / servers;
    long segments = Math.min(wanted, count);
    return new Arc(
        new Ring(servers, count), (long) peers.index() * servers, segments * servers, size);
  }

  /** Finds the end anew, when {@code badRanks} are bad and the others good. */
  void begin(Collection<Integer> badRanks) {
    bad.clear();
    badRanks.forEach(bad::set);
    length = 0;
    good = 0;
    grow();
    for (int rank : badRanks) {
      forgetOutside(rank);
    }
  }

  /**
   * Notes that the server of {@code rank} is good or bad; says whether the arc has changed. Of
   * servers outside nothing is known.
   */
  boolean judge(int rank, Verdict verdict) {
    long overlap = overlap(rank);
    if (overlap == 0 || bad.get(rank) == (verdict == Verdict.BAD)) {
      return false;
    }
    long before = length;
    bad.flip(rank);
    if (verdict == Verdict.BAD) {
      good -= overlap;
      grow();
    } else {
      good += overlap;
      shrink();
    }
    return length != before;
  }

  boolean isBad(int rank) {
    return bad.get(rank);
  }

  /** The server at the start. */
  int first() {
    return (int) (start / unit);
  }

  /** How many servers have some of their segment in the arc. */
  int touched() {
    return length == 0
        ? 0
        : (int) Math.min((start + length - 1) / unit - start / unit + 1, servers);
  }

  /** How much of its segment the server of {@code rank} has in the arc, 0 to 1. */
  double fraction(int rank) {
    return (double) overlap(rank) / unit;
  }

  private void grow() {
    while (length < total && (length < base || good < needed)) {
      long at = start + length;
      long piece = Math.min(unit - at % unit, total - length);
      boolean isBad = bad.get(rankAt(at));
      if (length < base) {
        piece = Math.min(piece, base - length);
      } else if (!isBad) {
        piece = Math.min(piece, needed - good);
      }
      good += isBad ? 0 : piece;
      length += piece;
    }
  }

  private void shrink() {
    while (length > base) {
      long last = start + length - 1;
      int rank = rankAt(last);
      boolean isBad = bad.get(rank);
      long piece = Math.min(Math.min(length - base, last % unit + 1), spare(isBad));
      if (piece == 0) {
        return;
      }
      good -= isBad ? 0 : piece;
      length -= piece;
      forgetOutside(rank);
    }
  }

  private long spare(boolean isBad) {
    if (good < needed) {
      return 0;
    }
    return isBad ? unit : good - needed;
  }

  /** Nobody watches a server outside: when it is taken in again, it may have recovered. */
  private void forgetOutside(int rank) {
    if (overlap(rank) == 0) {
      bad.clear(rank);
    }
  }

  private int rankAt(long position) {
    return (int) (position / unit % servers);
  }

  private long overlap(int rank) {
    long from = Math.floorMod(rank * unit - start, total);
    long head = Math.min(length, Math.min(from + unit, total)) - from;
    // The server at the start may have its other end at the end of a full round.
    long tail = Math.min(length, from + unit - total);
    return Math.max(0, head) + Math.max(0, tail);
  }
}
