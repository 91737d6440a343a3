package io.evenkeel;

import io.grpc.Status;

/**
 * Tells two listeners, one after the other; what the first throws keeps nothing from the second.
 */
record ListenerChain(BalancerListener first, BalancerListener second) implements BalancerListener {

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
  public void onRemoved(Endpoint endpoint) {
    both(() -> first.onRemoved(endpoint), () -> second.onRemoved(endpoint));
  }

  @Override
  public void onPolicySwitched(String policy) {
    both(() -> first.onPolicySwitched(policy), () -> second.onPolicySwitched(policy));
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
