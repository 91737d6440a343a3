package io.evenkeel.balancer;

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

  /**
   * What one group gets.
   *
   * @param part of the calls, 0 to 1
   * @param panics whether so many of its endpoints are bad that all are used that are connected
   */
  record Share(double part, boolean panics) {}

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
