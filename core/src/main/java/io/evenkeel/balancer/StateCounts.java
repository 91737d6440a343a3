package io.evenkeel.balancer;

import io.evenkeel.BalancerState;
import io.evenkeel.EndpointState;

/** How many endpoints are in which state. */
@SuppressWarnings("EnumOrdinal") // the ordinal indexes an array that never leaves this class
final class StateCounts {
  private final int[] counts = new int[EndpointState.values().length];

  void enter(EndpointState state) {
    counts[state.ordinal()]++;
  }

  void leave(EndpointState state) {
    counts[state.ordinal()]--;
  }

  void move(EndpointState from, EndpointState to) {
    leave(from);
    enter(to);
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
}
