package io.evenkeel.policy.hash;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Rotation;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint to which a key belongs, or, if that one is lost or full, the next that is not.
 *
 * <h2>When an endpoint cannot take the call</h2>
 *
 * The slots after the key's are tried, so calls of one key go to one other endpoint. A key so hot
 * that {@value #MAX_STEPS} slots on all are full has no home any more: its call then goes anywhere
 * below the bound. Under a factor f, at least 1 - 1/f of all slots belong to endpoints that are not
 * full, so a few draws at random find one, whatever the load: 5 on average when f is 1.25.
 *
 * <p>Thread-safe: rotation and placement never change.
 */
final class SlotWalk {
  private static final int MAX_STEPS = 32;
  private static final int MAX_DRAWS = 64;

  private final Rotation rotation;
  private final Placement placement;
  private final @Nullable LoadBound bound;
  private final RandomGenerator random;

  SlotWalk(
      Rotation rotation, Placement placement, @Nullable LoadBound bound, RandomGenerator random) {
    this.rotation = rotation;
    this.placement = placement;
    this.bound = bound;
    this.random = random;
  }

  /** The index of the endpoint that takes a call with {@code hash} now. */
  int indexFor(long hash) {
    int slot = placement.slotOf(hash);
    int index = placement.indexAt(slot);
    return takes(index) ? index : elsewhere(slot);
  }

  /**
   * The index of the endpoint to which a key with {@code hash} belongs, whether it takes it or not.
   */
  int home(long hash) {
    return placement.indexAt(placement.slotOf(hash));
  }

  /** Whether the endpoint at {@code index} is ready and below its bound. */
  boolean takes(int index) {
    Candidate candidate = rotation.get(index);
    return candidate.ready() && (bound == null || bound.admits(index, candidate.load()));
  }

  private int elsewhere(int full) {
    int slot = full;
    for (int step = 0; step < MAX_STEPS; step++) {
      slot = slot + 1 == placement.slots() ? 0 : slot + 1;
      int index = placement.indexAt(slot);
      if (takes(index)) {
        return index;
      }
    }
    for (int draw = 0; draw < MAX_DRAWS; draw++) {
      int index = placement.indexAt(placement.slotOf(random.nextLong()));
      if (takes(index)) {
        return index;
      }
    }
    return anyOther(placement.indexAt(full));
  }

  /** One that takes the call, or else one that is ready, or else {@code first}. */
  private int anyOther(int first) {
    int ready = first;
    int size = rotation.size();
    for (int i = 1; i < size; i++) {
      int index = first + i < size ? first + i : first + i - size;
      if (takes(index)) {
        return index;
      }
      ready = rotation.get(ready).ready() ? ready : index;
    }
    return ready;
  }
}
