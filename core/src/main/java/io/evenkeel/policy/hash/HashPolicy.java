package io.evenkeel.policy.hash;

import io.evenkeel.load.LoadSum;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls of the same key to the same endpoint. How keys are placed is what the policies differ
 * in; the placement is kept for as long as the endpoints and their weights stay the same.
 *
 * <p>Synchronization context only.
 */
public final class HashPolicy implements Policy {
  private final HashConfig config;
  private final RandomGenerator random;
  private final CallHash hashes;
  private final Function<Membership, Placement> placing;
  private final LoadSum sum = new LoadSum();
  private @Nullable Membership members;
  private @Nullable Placement placement;
  private Set<Candidate> joined = Set.of();

  /** A policy that places keys as {@code placing} says. */
  public HashPolicy(
      HashConfig config, RandomGenerator random, Function<Membership, Placement> placing) {
    this.config = config;
    this.random = random;
    this.hashes = new CallHash(config.header(), random);
    this.placing = placing;
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    Membership before = members;
    Placement placed = placement;
    Membership current;
    if (before != null && placed != null && before.matches(rotation)) {
      current = before.in(rotation);
    } else {
      current = Membership.of(rotation);
      placed = placing.apply(current);
    }
    members = current;
    placement = placed;
    return new HashPicker(current, hashes, new SlotWalk(rotation, placed, bound(current), random));
  }

  @Override
  public void close() {
    joined.forEach(candidate -> candidate.load().leaveSum(sum));
    joined = Set.of();
  }

  /** What its endpoints carry, as far as their load is bounded. */
  LoadSum sum() {
    return sum;
  }

  private @Nullable LoadBound bound(Membership current) {
    if (!config.bounded()) {
      return null;
    }
    addUp(current.rotation());
    return new LoadBound(current, config.boundedLoadFactor(), sum);
  }

  /** Makes the sum of loads that of {@code rotation}. */
  private void addUp(Rotation rotation) {
    Set<Candidate> next = Collections.newSetFromMap(new IdentityHashMap<>(rotation.size()));
    for (int i = 0; i < rotation.size(); i++) {
      rotation.get(i).load().joinSum(sum);
      next.add(rotation.get(i));
    }
    for (Candidate before : joined) {
      if (!next.contains(before)) {
        before.load().leaveSum(sum);
      }
    }
    joined = next;
  }
}
