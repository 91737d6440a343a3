package io.evenkeel.policy.hash;

import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.StableHash;
import java.util.Arrays;

/**
 * The endpoints of a rotation under the identities that hash policies place them by. Immutable.
 *
 * <p>No identity is there twice: where a registration gives the same {@code hashKey} to several
 * endpoints, all but the first of the list get another one.
 */
public final class Membership {
  private static final int NONE = -1;

  private final Rotation rotation;
  private final long[] given; // as the candidates say
  private final long[] identities; // the same array, where none had to change
  private final int[] table; // an open hash table of indexes, at most half full

  private Membership(Rotation rotation, long[] given) {
    this.rotation = rotation;
    this.given = given;
    this.table = new int[2 * Integer.highestOneBit(2 * given.length - 1)];
    Arrays.fill(table, NONE);
    long[] distinct = given.clone();
    for (int i = 0; i < distinct.length; i++) {
      enter(i, distinct);
    }
    this.identities = Arrays.equals(distinct, given) ? given : distinct;
  }

  private Membership(Rotation rotation, Membership same) {
    this.rotation = rotation;
    this.given = same.given;
    this.identities = same.identities;
    this.table = same.table;
  }

  /** The members of {@code rotation}. Synchronization context only. */
  static Membership of(Rotation rotation) {
    return new Membership(rotation, given(rotation));
  }

  /**
   * The same members as {@code next} has them, which {@link #matches} these. An endpoint that has
   * left and come back is another candidate: the old one must not be held.
   */
  Membership in(Rotation next) {
    return new Membership(next, this);
  }

  /** Whether {@code next} has the same members of the same weights in the same order. */
  boolean matches(Rotation next) {
    if (next.size() != size()) {
      return false;
    }
    for (int i = 0; i < given.length; i++) {
      if (next.get(i).identity() != given[i] || next.weight(i) != weight(i)) {
        return false;
      }
    }
    return true;
  }

  /** The rotation of which these are the members. */
  Rotation rotation() {
    return rotation;
  }

  /** How many members there are. */
  public int size() {
    return identities.length;
  }

  /** The identity of the member at {@code index} of the rotation. */
  public long identity(int index) {
    return identities[index];
  }

  /** The weight of the member at {@code index} of the rotation; more than zero. */
  public double weight(int index) {
    return rotation.weight(index);
  }

  /** What all members weigh together. */
  public double totalWeight() {
    double sum = 0;
    for (int i = 0; i < identities.length; i++) {
      sum += rotation.weight(i);
    }
    return sum;
  }

  /** The indexes of all members, sorted by identity: the same order of members on every client. */
  public int[] byIdentity() {
    long[] sorted = identities.clone();
    Arrays.sort(sorted);
    return Arrays.stream(sorted).mapToInt(this::indexOf).toArray();
  }

  /** The index of the member with {@code identity}; negative when there is none. */
  int indexOf(long identity) {
    return table[cellOf(identity, identities)];
  }

  private static long[] given(Rotation rotation) {
    long[] identities = new long[rotation.size()];
    Arrays.setAll(identities, i -> rotation.get(i).identity());
    return identities;
  }

  private void enter(int index, long[] distinct) {
    int cell = cellOf(distinct[index], distinct);
    while (table[cell] != NONE) {
      distinct[index] = StableHash.mix(distinct[index] + StableHash.STEP);
      cell = cellOf(distinct[index], distinct);
    }
    table[cell] = index;
  }

  /** The cell that holds {@code identity}, or the free one where it would be put. */
  private int cellOf(long identity, long[] entered) {
    int mask = table.length - 1;
    int cell = (int) identity & mask;
    while (table[cell] != NONE && entered[table[cell]] != identity) {
      cell = (cell + 1) & mask;
    }
    return cell;
  }
}
