package io.evenkeel.balancer;

import io.evenkeel.EndpointState;

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

  /** Endpoints that take calls. */
  int good() {
    return good;
  }

  /** Endpoints with a verdict, good or bad. */
  int judged() {
    return good + connectedBad + gone;
  }

  /** Endpoints that are connected for the first time. */
  int undecided() {
    return undecided;
  }

  /** Whether panic would bring endpoints back, and none is on its way to be good. */
  boolean canPanic() {
    return connectedBad > 0 && (good > 0 || undecided == 0);
  }

  GroupTally copy() {
    GroupTally copy = new GroupTally();
    copy.good = good;
    copy.connectedBad = connectedBad;
    copy.gone = gone;
    copy.undecided = undecided;
    return copy;
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
