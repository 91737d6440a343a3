package io.evenkeel.balancer;

import io.evenkeel.locality.Locality;
import io.evenkeel.locality.LocalityConfig;
import io.evenkeel.locality.TrafficSplit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the endpoints of each group stand, and which share of the calls the groups get by that.
 *
 * <p>A change of state costs the same whatever the number of endpoints. Synchronization context
 * only.
 */
final class EndpointGroups {
  private final Map<GroupKey, GroupTally> tallies = new TreeMap<>(GroupKey.ORDER);
  private LocalityConfig rules;

  EndpointGroups(LocalityConfig rules) {
    this.rules = rules;
  }

  /** Splits calls by {@code rules} from now on; says whether that changes anything. */
  boolean use(LocalityConfig rules) {
    boolean changed = !rules.equals(this.rules);
    this.rules = rules;
    return changed;
  }

  /** Which group {@code connection} belongs to. */
  GroupKey keyOf(EndpointConnection connection) {
    return rules.zonesCount() ? connection.groupKey() : connection.groupKey().withoutZone();
  }

  /** Counts anew: the list, an endpoint's attributes or the rules have changed. */
  void recount(Collection<EndpointConnection> connections) {
    tallies.clear();
    for (EndpointConnection connection : connections) {
      tallyOf(connection).enter(connection.standing());
    }
  }

  /** {@code connection} stood as {@code before} until now. */
  void move(EndpointConnection connection, Standing before) {
    GroupTally tally = tallyOf(connection);
    tally.leave(before);
    tally.enter(connection.standing());
  }

  /** What each group gets now. */
  TrafficShares shares() {
    List<Locality> localities = new ArrayList<>(tallies.size());
    tallies.forEach((key, tally) -> localities.add(tally.toLocality(key)));
    Iterator<TrafficSplit.Share> shares = TrafficSplit.of(rules, localities).iterator();
    Map<GroupKey, TrafficSplit.Share> byGroup = new LinkedHashMap<>();
    tallies.keySet().forEach(key -> byGroup.put(key, shares.next()));
    return new TrafficShares(byGroup);
  }

  /** Whether calls are sent to endpoints that are connected and out of use, as too few are left. */
  boolean panicSaves() {
    if (tallies.values().stream().noneMatch(GroupTally::canPanic)) {
      return false;
    }
    TrafficShares shares = shares();
    return tallies.entrySet().stream()
        .anyMatch(group -> group.getValue().canPanic() && shares.of(group.getKey()).panics());
  }

  private GroupTally tallyOf(EndpointConnection connection) {
    return tallies.computeIfAbsent(keyOf(connection), key -> new GroupTally());
  }
}
