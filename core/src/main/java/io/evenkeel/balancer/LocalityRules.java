package io.evenkeel.balancer;

import io.evenkeel.config.ConfigReader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stub. */
record LocalityRules(int panicThreshold, boolean zones) {
  static final LocalityRules DEFAULT = new LocalityRules(50, false);

  static LocalityRules parse(ConfigReader config) {
    return new LocalityRules(config.intValue("panicThreshold", 50, 0, 100), false);
  }

  TrafficShares shares(Map<GroupKey, GroupTally> groups) {
    Map<GroupKey, TrafficShares.Share> shares = new LinkedHashMap<>();
    boolean given = false;
    for (Map.Entry<GroupKey, GroupTally> group : groups.entrySet()) {
      GroupTally tally = group.getValue();
      boolean panics = tally.good() * 100 < panicThreshold * tally.judged() && tally.canPanic();
      boolean takes = !given && (tally.good() > 0 || panics);
      given |= takes;
      shares.put(group.getKey(), new TrafficShares.Share(takes ? 1 : 0, panics));
    }
    return new TrafficShares(shares);
  }
}
