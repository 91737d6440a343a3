package io.evenkeel.balancer;

import io.evenkeel.policy.Rotation;
import java.util.Locale;

/**
 * The endpoints of a group that take calls.
 *
 * @param share of the calls, more than 0
 */
record GroupRotation(GroupKey group, double share, Rotation rotation) {

  /** The group and its share, for people. */
  String describe() {
    return String.format(Locale.ROOT, "%s gets %.0f %%", group, share * 100);
  }
}
