package io.evenkeel.balancer;

import io.evenkeel.TrafficGroup;
import io.evenkeel.locality.TrafficSplit.Share;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which share of the calls each group of endpoints gets.
 *
 * @param byGroup every group, in the order of priority; the shares add up to 1
 */
record TrafficShares(Map<GroupKey, Share> byGroup) {
  /** Nobody gets anything. */
  static final TrafficShares NONE = new TrafficShares(Map.of());

  private static final Share NOTHING = new Share(0, false);

  TrafficShares {
    SortedMap<GroupKey, Share> ordered = new TreeMap<>(GroupKey.ORDER);
    ordered.putAll(byGroup);
    byGroup = Collections.unmodifiableSortedMap(ordered);
  }

  Share of(GroupKey group) {
    return byGroup.getOrDefault(group, NOTHING);
  }

  /** Whether there is nothing to tell: one group gets all calls, and its endpoints look good. */
  boolean plain() {
    return byGroup.size() == 1 && !panics();
  }

  /** Whether a group uses endpoints that look bad. */
  boolean panics() {
    return byGroup.values().stream().anyMatch(Share::panics);
  }

  /** For those who look from outside. */
  List<TrafficGroup> toGroups() {
    return byGroup.entrySet().stream()
        .map(
            group ->
                new TrafficGroup(
                    group.getKey().priority(),
                    group.getKey().zone(),
                    group.getValue().part(),
                    group.getValue().panics()))
        .toList();
  }

  /** Whether the same groups get calls and the same panic; the parts may differ. */
  boolean sameGroups(TrafficShares other) {
    return kinds().equals(other.kinds());
  }

  private Map<GroupKey, List<Boolean>> kinds() {
    Map<GroupKey, List<Boolean>> kinds = new HashMap<>();
    byGroup.forEach((key, share) -> kinds.put(key, List.of(share.part() > 0, share.panics())));
    return kinds;
  }
}
