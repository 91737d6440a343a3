package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.subset.Subset;
import io.evenkeel.subset.SubsetConfig;
import io.evenkeel.subset.Verdict;
import io.grpc.EquivalentAddressGroup;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which of the endpoints that discovery lists this client connects to: all, or, where service
 * config asks for a subset, one of each priority. Where endpoints prove bad, others take their
 * place.
 *
 * <p>Synchronization context only, except {@link #standby}.
 */
final class SubsetChoice {
  private final long seed;
  private final Map<Integer, Subset<Object>> subsets = new TreeMap<>(); // by priority
  private Map<Object, EquivalentAddressGroup> listed = Map.of();
  private Optional<SubsetConfig> config = Optional.empty();
  private volatile int standby;

  /**
   * A choice of all.
   *
   * @param seed what tells this client's subset from those of others
   */
  SubsetChoice(long seed) {
    this.seed = seed;
  }

  /** Chooses by {@code next} from now on; the list is to be taken anew. */
  void use(Optional<SubsetConfig> next) {
    if (!next.equals(config)) {
      config = next;
      subsets.clear();
    }
  }

  boolean configured() {
    return config.isPresent();
  }

  /** Those of {@code endpoints} to connect to, by their keys, in the order of discovery. */
  Map<Object, EquivalentAddressGroup> choose(Map<Object, EquivalentAddressGroup> endpoints) {
    if (config.isEmpty()) {
      listed = Map.of();
      standby = 0;
      return endpoints;
    }
    listed = endpoints;
    Map<Integer, Map<Object, Endpoint>> priorities = new HashMap<>();
    endpoints.forEach(
        (key, group) ->
            priorities
                .computeIfAbsent(priorityOf(group), priority -> new LinkedHashMap<>())
                .put(key, Endpoint.of(group)));
    subsets.keySet().retainAll(priorities.keySet());
    priorities.forEach((priority, members) -> subset(priority).choose(members));
    return chosen();
  }

  /** Those to connect to by what is known of them now. */
  Map<Object, EquivalentAddressGroup> chosen() {
    Map<Object, EquivalentAddressGroup> chosen = new LinkedHashMap<>();
    listed.forEach(
        (key, group) -> {
          if (subset(priorityOf(group)).fraction(key) > 0) {
            chosen.put(key, group);
          }
        });
    standby = listed.size() - chosen.size();
    return chosen;
  }

  /** Takes in how {@code connection} stands; says whether others are chosen by that. */
  boolean judge(EndpointConnection connection) {
    EndpointState state = connection.state();
    if (config.isEmpty() || state == EndpointState.CONNECTING) {
      return false;
    }
    return subset(connection.groupKey().priority())
        .judge(
            EndpointList.key(connection.group()),
            state == EndpointState.READY ? Verdict.GOOD : Verdict.BAD);
  }

  /** The part of {@code connection} that is this client's, more than 0, at most 1. */
  double fraction(EndpointConnection connection) {
    if (config.isEmpty()) {
      return 1;
    }
    double fraction =
        subset(connection.groupKey().priority()).fraction(EndpointList.key(connection.group()));
    // One that is not chosen any more is about to go.
    return fraction > 0 ? fraction : 1;
  }

  /** How many endpoints are listed and not connected to. Any thread. */
  int standby() {
    return standby;
  }

  private Subset<Object> subset(int priority) {
    return subsets.computeIfAbsent(priority, created -> new Subset<>(config.orElseThrow(), seed));
  }

  private static int priorityOf(EquivalentAddressGroup group) {
    return GroupKey.of(group.getAttributes()).priority();
  }
}
