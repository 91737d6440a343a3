package io.evenkeel;

import io.grpc.Status;
import java.util.List;

/**
 * Tells two listeners, one after the other; what the first throws keeps nothing from the second.
 */
record ListenerChain(BalancerListener first, BalancerListener second) implements BalancerListener {

  @Override
  public void onStarted(BalancerView balancer) {
    both(() -> first.onStarted(balancer), () -> second.onStarted(balancer));
  }

  @Override
  public void onEnded(BalancerView balancer) {
    both(() -> first.onEnded(balancer), () -> second.onEnded(balancer));
  }

  @Override
  public void onFound(Endpoint endpoint) {
    both(() -> first.onFound(endpoint), () -> second.onFound(endpoint));
  }

  @Override
  public void onReady(Endpoint endpoint) {
    both(() -> first.onReady(endpoint), () -> second.onReady(endpoint));
  }

  @Override
  public void onLost(Endpoint endpoint, Status reason) {
    both(() -> first.onLost(endpoint, reason), () -> second.onLost(endpoint, reason));
  }

  @Override
  public void onConnectFailed(Endpoint endpoint, Status reason, int inARow) {
    both(
        () -> first.onConnectFailed(endpoint, reason, inARow),
        () -> second.onConnectFailed(endpoint, reason, inARow));
  }

  @Override
  public void onQueued(Endpoint endpoint, int queued, String why) {
    both(() -> first.onQueued(endpoint, queued, why), () -> second.onQueued(endpoint, queued, why));
  }

  @Override
  public void onHealthVerdict(Endpoint endpoint, Status verdict) {
    both(
        () -> first.onHealthVerdict(endpoint, verdict),
        () -> second.onHealthVerdict(endpoint, verdict));
  }

  @Override
  public void onRemoved(Endpoint endpoint) {
    both(() -> first.onRemoved(endpoint), () -> second.onRemoved(endpoint));
  }

  @Override
  public void onPolicySwitched(String policy) {
    both(() -> first.onPolicySwitched(policy), () -> second.onPolicySwitched(policy));
  }

  @Override
  public void onConnections(Endpoint endpoint, int connections) {
    both(
        () -> first.onConnections(endpoint, connections),
        () -> second.onConnections(endpoint, connections));
  }

  @Override
  public void onProbation(Endpoint endpoint) {
    both(() -> first.onProbation(endpoint), () -> second.onProbation(endpoint));
  }

  @Override
  public void onRevived(Endpoint endpoint) {
    both(() -> first.onRevived(endpoint), () -> second.onRevived(endpoint));
  }

  @Override
  public void onTrafficSplit(List<TrafficGroup> groups) {
    both(() -> first.onTrafficSplit(groups), () -> second.onTrafficSplit(groups));
  }

  @Override
  public void onEmptyList() {
    both(first::onEmptyList, second::onEmptyList);
  }

  @Override
  public void onListRefused(Status reason) {
    both(() -> first.onListRefused(reason), () -> second.onListRefused(reason));
  }

  @Override
  public void onDiscoveryError(Status error) {
    both(() -> first.onDiscoveryError(error), () -> second.onDiscoveryError(error));
  }

  @Override
  public void onDiscoveryStale(Status reason) {
    both(() -> first.onDiscoveryStale(reason), () -> second.onDiscoveryStale(reason));
  }

  @Override
  public void onDiscoveryRecovered() {
    both(first::onDiscoveryRecovered, second::onDiscoveryRecovered);
  }

  @Override
  public void onDropHeld(int endpoints) {
    both(() -> first.onDropHeld(endpoints), () -> second.onDropHeld(endpoints));
  }

  @Override
  public void onDiscoverySource(String target) {
    both(() -> first.onDiscoverySource(target), () -> second.onDiscoverySource(target));
  }

  @Override
  public void onDiscoveryRebuilt(long total) {
    both(() -> first.onDiscoveryRebuilt(total), () -> second.onDiscoveryRebuilt(total));
  }

  @Override
  public void onPolicyFault(Throwable thrown, long total) {
    both(() -> first.onPolicyFault(thrown, total), () -> second.onPolicyFault(thrown, total));
  }

  @Override
  public void onState(BalancerState state) {
    both(() -> first.onState(state), () -> second.onState(state));
  }

  private static void both(Runnable first, Runnable second) {
    try {
      first.run();
    } finally {
      second.run();
    }
  }
}
