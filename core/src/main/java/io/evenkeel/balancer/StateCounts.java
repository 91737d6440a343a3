package io.evenkeel.balancer;

import io.evenkeel.BalancerState;
import io.evenkeel.EndpointState;

/** How many endpoints are in which state. */
@SuppressWarnings("EnumOrdinal") // the ordinal indexes an array that never leaves this class
final class StateCounts {
  private final int[] counts = new int[EndpointState.values().length];

  private int troubled;

  void enter(EndpointState state) {
    counts[state.ordinal()]++;
  }

  void enter(Standing standing) {
    add(standing, 1);
  }

  void leave(Standing standing) {
    add(standing, -1);
  }

  /** How many take no calls and have a reason. */
  int troubled() {
    return troubled;
  }

  int of(EndpointState state) {
    return counts[state.ordinal()];
  }

  BalancerState toState(String problem) {
    return new BalancerState(
        of(EndpointState.READY),
        of(EndpointState.CONNECTING),
        of(EndpointState.UNHEALTHY),
        of(EndpointState.EJECTED),
        of(EndpointState.FAILED),
        problem);
  }

  private void add(Standing standing, int delta) {
    counts[standing.state().ordinal()] += delta;
    if (standing.troubled()) {
      troubled += delta;
    }
  }
}
