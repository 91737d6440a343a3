package io.evenkeel.balancer;

import io.evenkeel.health.HealthListener;
import io.evenkeel.health.HealthWatch;
import io.grpc.LoadBalancer;
import org.jspecify.annotations.Nullable;

/** What an {@link EndpointConnection} needs of its balancer. Synchronization context only. */
interface ConnectionHost {

  /** Makes subchannels. */
  LoadBalancer.Helper helper();

  /**
   * A health watch of the endpoint behind {@code subchannel}, not yet started; null when health is
   * not to be checked.
   */
  @Nullable HealthWatch newHealthWatch(LoadBalancer.Subchannel subchannel, HealthListener listener);

  /** {@code connection} has left {@code left} for another phase. */
  void onPhase(EndpointConnection connection, Phase left);

  /** A connection that has failed before failed again, perhaps for another reason. */
  void onProblem();

  /** A connection is lost or cannot be made: perhaps discovery knows better by now. */
  void refreshDiscovery();
}
