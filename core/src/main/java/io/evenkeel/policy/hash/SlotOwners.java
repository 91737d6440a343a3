package io.evenkeel.policy.hash;

import org.jspecify.annotations.Nullable;

/**
 * To which endpoint each slot of a table belongs, in as few bytes as will do: 2 a slot as long as
 * there are at most 65,536 endpoints, else 4. Immutable.
 */
public final class SlotOwners {
  private static final int NARROW_MEMBERS = Character.MAX_VALUE + 1;

  private final char @Nullable [] narrow;
  private final int[] wide; // empty where the narrow ones do

  private SlotOwners(char @Nullable [] narrow, int[] wide) {
    this.narrow = narrow;
    this.wide = wide;
  }

  /**
   * Holds {@code owners} for good.
   *
   * @param owners for each slot the index of its endpoint, 0 or more and less than {@code members}
   */
  public static SlotOwners of(int[] owners, int members) {
    if (members > NARROW_MEMBERS) {
      return new SlotOwners(null, owners);
    }
    char[] narrow = new char[owners.length];
    for (int slot = 0; slot < owners.length; slot++) {
      narrow[slot] = (char) owners[slot];
    }
    return new SlotOwners(narrow, new int[0]);
  }

  /** How many slots there are. */
  public int slots() {
    return narrow == null ? wide.length : narrow.length;
  }

  /** The index of the endpoint to which {@code slot} belongs. */
  public int at(int slot) {
    return narrow == null ? wide[slot] : narrow[slot];
  }
}
