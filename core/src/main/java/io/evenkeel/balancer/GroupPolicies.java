package io.evenkeel.balancer;

import io.evenkeel.balancer.RotationBuilder.Weighing;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policy that service config has chosen, once for each group of endpoints: what a policy keeps,
 * such as a position in a round, belongs to one group. What policies throw is counted, and calls go
 * to any ready endpoint.
 *
 * <p>Synchronization context only, except {@link #choice}.
 */
final class GroupPolicies {
  private final PolicyContext context;
  private final PolicyFaults faults;
  private final Map<GroupKey, Policy> policies = new HashMap<>();
  private volatile @Nullable PolicyChoice choice;
  private @Nullable Policy spare; // made to see whether the choice works; the first group's

  GroupPolicies(PolicyContext context, PolicyFaults faults) {
    this.context = context;
    this.faults = faults;
  }

  /** The policy that chooses; null before the first list. Any thread. */
  @Nullable PolicyChoice choice() {
    return choice;
  }

  /**
   * Chooses by {@code next} from now on and says whether that is new. A policy that cannot be made
   * changes nothing: the one before goes on, and the next list tries again.
   */
  boolean use(PolicyChoice next) {
    if (next.equals(choice)) {
      return false;
    }
    Policy made;
    try {
      made = next.factory().newPolicy(context);
    } catch (Throwable thrown) {
      faults.count(thrown);
      return false;
    }
    close();
    spare = made;
    choice = next;
    return true;
  }

  /** Ends the policies of all groups but those of {@code rotations}. */
  void retain(List<GroupRotation> rotations) {
    Set<GroupKey> groups = rotations.stream().map(GroupRotation::group).collect(Collectors.toSet());
    policies
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !groups.contains(entry.getKey());
              if (gone) {
                close(entry.getValue());
              }
              return gone;
            });
  }

  /** The picker for {@code group}. */
  Picker picker(GroupRotation group) {
    Rotation rotation = group.rotation();
    try {
      Policy policy = policyOf(group.group());
      return policy == null ? anyOf(rotation) : policy.newPicker(rotation);
    } catch (Throwable thrown) {
      faults.count(thrown);
      return anyOf(rotation);
    }
  }

  /** How often endpoints are to report their load on a stream; zero for never. */
  Duration reportInterval() {
    Policy asked = any();
    try {
      return asked == null ? Duration.ZERO : asked.loadReportInterval();
    } catch (Throwable thrown) {
      faults.count(thrown);
      return Duration.ZERO;
    }
  }

  /** Who sees to it that weights count. */
  Weighing weighing() {
    Policy asked = any();
    try {
      return asked != null && asked.heedsWeights() ? Weighing.BY_POLICY : Weighing.BY_PICKER;
    } catch (Throwable thrown) {
      faults.count(thrown);
      return Weighing.BY_PICKER;
    }
  }

  void close() {
    if (spare != null) {
      close(spare);
      spare = null;
    }
    retain(List.of());
  }

  private @Nullable Policy any() {
    return spare != null ? spare : policies.values().stream().findAny().orElse(null);
  }

  private @Nullable Policy policyOf(GroupKey group) {
    PolicyChoice chosen = choice;
    if (chosen == null) {
      return null;
    }
    Policy policy = policies.get(group);
    if (policy == null) {
      policy = spare != null ? spare : Objects.requireNonNull(chosen.factory().newPolicy(context));
      spare = null;
      policies.put(group, policy);
    }
    return policy;
  }

  private void close(Policy ended) {
    try {
      ended.close();
    } catch (Throwable thrown) {
      faults.count(thrown);
    }
  }

  private Picker anyOf(Rotation rotation) {
    return call -> rotation.get(context.random().nextInt(rotation.size()));
  }
}
