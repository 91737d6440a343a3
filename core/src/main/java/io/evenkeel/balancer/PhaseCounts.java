package io.evenkeel.balancer;

import io.evenkeel.BalancerState;

/** How many endpoints are in which phase. */
@SuppressWarnings("EnumOrdinal") // the ordinal indexes an array that never leaves this class
final class PhaseCounts {
  private final int[] counts = new int[Phase.values().length];

  void enter(Phase phase) {
    counts[phase.ordinal()]++;
  }

  void leave(Phase phase) {
    counts[phase.ordinal()]--;
  }

  void move(Phase from, Phase to) {
    leave(from);
    enter(to);
  }

  int of(Phase phase) {
    return counts[phase.ordinal()];
  }

  BalancerState toState(String problem) {
    return new BalancerState(
        of(Phase.READY), of(Phase.CONNECTING), of(Phase.UNHEALTHY), of(Phase.FAILED), problem);
  }
}
