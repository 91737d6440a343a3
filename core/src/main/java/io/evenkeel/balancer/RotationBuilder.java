package io.evenkeel.balancer;

import io.evenkeel.locality.TrafficSplit.Share;
import io.evenkeel.policy.Rotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts the endpoints that take calls into rotations, one for each group that gets calls. */
final class RotationBuilder {

  private RotationBuilder() {}

  /**
   * The rotations of {@code connections}, in the order of priorities and zones; none when no
   * endpoint takes calls.
   *
   * @param weights whether the policy gives endpoints calls by their weights
   */
  static List<GroupRotation> rotationsOf(
      Collection<EndpointConnection> connections,
      EndpointGroups groups,
      TrafficShares shares,
      Weighing weights) {
    Map<GroupKey, List<EndpointConnection>> members = new TreeMap<>(GroupKey.ORDER);
    for (EndpointConnection connection : connections) {
      GroupKey key = groups.keyOf(connection);
      Share share = shares.of(key);
      connection.plan(share.panics());
      if (connection.rotating() && share.part() > 0) {
        members.computeIfAbsent(key, group -> new ArrayList<>()).add(connection);
      }
    }
    List<GroupRotation> rotations = new ArrayList<>();
    members.forEach(
        (key, chosen) ->
            rotations.add(
                new GroupRotation(key, shares.of(key).part(), rotationOf(chosen, weights))));
    return rotations;
  }

  /** Who sees to it that an endpoint of half the weight gets half the calls. */
  enum Weighing {
    /** The policy, by the weights of the rotation. */
    BY_POLICY,
    /** The picker, as far as an endpoint is to get less than its equals. */
    BY_PICKER
  }

  /**
   * One of weight 0 is left out as long as another can take its calls; when all weigh nothing, all
   * count alike.
   */
  private static Rotation rotationOf(List<EndpointConnection> chosen, Weighing weighing) {
    List<EndpointConnection> weighty = new ArrayList<>(chosen.size());
    for (EndpointConnection connection : chosen) {
      if (connection.weight() > 0) {
        weighty.add(connection);
      }
    }
    List<EndpointConnection> taken = weighty.isEmpty() ? chosen : weighty;
    double[] weights = new double[taken.size()];
    Arrays.setAll(weights, i -> weight(taken.get(i), weighty.isEmpty(), weighing));
    return new Rotation(taken, weights);
  }

  private static double weight(EndpointConnection connection, boolean alike, Weighing weighing) {
    double own = alike ? 1 : connection.weight();
    return weighing == Weighing.BY_POLICY ? own * connection.factor() : own;
  }
}
