package io.evenkeel.policy;

import org.jspecify.annotations.Nullable;

/**
 * Draws two different endpoints of a rotation by one random number: the first in proportion to the
 * weights, the other evenly from the rest.
 *
 * <p>When both are equally good the first is to be taken, so idle endpoints get calls by their
 * weights. The other is never the first again, however heavy that is, so every choice is a choice.
 *
 * <h2>How it works</h2>
 *
 * Each half of the number is a fraction of one. Its product with n, cut off, is an index below n:
 * no division, and no more off than n parts in 2^32.
 *
 * <p>Immutable.
 */
public final class TwoChoices {
  private static final long LOWER_HALF = 0xFFFF_FFFFL;

  private final int size;
  private final @Nullable AliasTable byWeight; // null when all weigh the same

  /** Draws from {@code rotation}. */
  public TwoChoices(Rotation rotation) {
    size = rotation.size();
    byWeight = rotation.evenlyWeighted() ? null : AliasTable.of(rotation);
  }

  /** The first index, by the upper half of {@code number}. */
  public int first(long number) {
    return byWeight == null ? (int) (((number >>> 32) * size) >>> 32) : byWeight.indexOf(number);
  }

  /**
   * The other index, by the lower half of {@code number}; {@code first} itself where there is no
   * other.
   */
  public int other(long number, int first) {
    int ahead = 1 + (int) (((number & LOWER_HALF) * (size - 1)) >>> 32);
    int other = first + ahead;
    return other < size ? other : other - size;
  }
}
