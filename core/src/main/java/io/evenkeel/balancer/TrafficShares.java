package io.evenkeel.balancer;

import io.evenkeel.locality.TrafficSplit.Share;
import java.util.Map;

/**
 * Which share of the calls each group of endpoints gets.
 *
 * @param byGroup every group; the shares add up to 1
 */
record TrafficShares(Map<GroupKey, Share> byGroup) {
  /** Nobody gets anything. */
  static final TrafficShares NONE = new TrafficShares(Map.of());

  private static final Share NOTHING = new Share(0, false);

  TrafficShares {
    byGroup = Map.copyOf(byGroup);
  }

  Share of(GroupKey group) {
    return byGroup.getOrDefault(group, NOTHING);
  }

  /** Whether a group uses endpoints that look bad. */
  boolean panics() {
    return byGroup.values().stream().anyMatch(Share::panics);
  }
}
