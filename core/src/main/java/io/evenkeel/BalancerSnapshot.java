package io.evenkeel;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a balancer stands. Immutable; made by {@link BalancerView#snapshot}.
 *
 * @param target what the channel was built for
 * @param takenAt when, by the wall clock
 * @param policy the policy that chooses; empty before the first list of endpoints
 * @param policySettings what service config says to the policy
 * @param totals how many endpoints are in which state, and what last went wrong
 * @param waitingToConnect endpoints in CONNECTING whose turn to be connected has not come
 * @param groups how calls are split among priorities and zones, in the order of priority
 * @param outsideSubset endpoints that discovery lists and that are not in this client's subset, so
 *     it does not connect to them
 * @param endpoints each endpoint that the client connects to, in the order of discovery
 * @param discovery what discovery has brought
 * @param policyFaults how often the policy has thrown an exception
 * @param lastPolicyFault one of the last of those, in words
 * @param picks the last picks, the oldest first; empty unless {@link BalancerView#explainPicks} was
 *     called
 */
public record BalancerSnapshot(
    String target,
    Instant takenAt,
    String policy,
    Map<String, ?> policySettings,
    BalancerState totals,
    int waitingToConnect,
    List<TrafficGroup> groups,
    int outsideSubset,
    List<EndpointSnapshot> endpoints,
    DiscoverySnapshot discovery,
    long policyFaults,
    Optional<String> lastPolicyFault,
    List<PickRecord> picks) {

  public BalancerSnapshot {
    policySettings = Map.copyOf(policySettings);
    groups = List.copyOf(groups);
    endpoints = List.copyOf(endpoints);
    picks = List.copyOf(picks);
  }

  /** For programs: one line of JSON, with every endpoint. The names are a promise. */
  public String toJson() {
    return SnapshotJson.of(this).toString();
  }

  /** For people: a few lines and a table of at most {@value SnapshotText#MAX_ROWS} endpoints. */
  @Override
  public String toString() {
    return SnapshotText.of(this);
  }
}
