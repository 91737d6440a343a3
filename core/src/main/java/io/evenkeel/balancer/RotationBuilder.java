package io.evenkeel.balancer;

import io.evenkeel.EndpointState;
import io.evenkeel.policy.Rotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Puts the endpoints that take calls into a rotation. */
final class RotationBuilder {

  private RotationBuilder() {}

  /**
   * The {@code ready} endpoints among {@code connections}, each with its weight. One of weight 0 is
   * left out as long as another can take its calls; when all weigh nothing, all count alike.
   */
  static Rotation rotationOf(Collection<EndpointConnection> connections, int ready) {
    List<EndpointConnection> weighty = new ArrayList<>(ready);
    List<EndpointConnection> weightless = new ArrayList<>();
    for (EndpointConnection connection : connections) {
      boolean takesCalls = connection.state() == EndpointState.READY;
      connection.setRotating(takesCalls);
      if (takesCalls) {
        (connection.weight() > 0 ? weighty : weightless).add(connection);
      }
    }
    List<EndpointConnection> chosen = weighty.isEmpty() ? weightless : weighty;
    return new Rotation(chosen, weights(chosen, weighty.isEmpty()));
  }

  private static double[] weights(List<EndpointConnection> chosen, boolean alike) {
    double[] weights = new double[chosen.size()];
    Arrays.setAll(weights, i -> alike ? 1 : chosen.get(i).weight());
    return weights;
  }
}
