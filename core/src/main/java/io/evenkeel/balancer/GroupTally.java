package io.evenkeel.balancer;

import io.evenkeel.EndpointState;
import io.evenkeel.locality.Locality;

/** How many endpoints of a group stand how. */
final class GroupTally {
  private int good;
  private int connectedBad; // could take calls if they had to
  private int gone; // could not
  private int undecided;

  void enter(Standing standing) {
    add(standing, 1);
  }

  void leave(Standing standing) {
    add(standing, -1);
  }

  /** Whether panic would bring endpoints back. */
  boolean canPanic() {
    return connectedBad > 0;
  }

  /** The group as the arithmetic of shares sees it. */
  Locality toLocality(GroupKey key) {
    // While the first endpoints are on their way a single bad one is no reason to panic.
    return good == 0 && undecided > 0
        ? new Locality(key.priority(), key.zone(), 0, 0, 0)
        : new Locality(
            key.priority(), key.zone(), good + connectedBad + gone, good, good + connectedBad);
  }

  private void add(Standing standing, int delta) {
    EndpointState state = standing.state();
    switch (state) {
      case READY -> good += delta;
      case UNHEALTHY, EJECTED -> connectedBad += delta;
      case FAILED -> gone += delta;
      case CONNECTING -> {
        if (standing.problem().isOk()) {
          undecided += delta;
        } else {
          gone += delta;
        }
      }
    }
  }
}
