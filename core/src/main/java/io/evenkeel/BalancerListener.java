package io.evenkeel;

import io.grpc.NameResolver;
import io.grpc.Status;

/**
 * Hears what a channel's balancer does. Every method does nothing by default.
 *
 * <p>Called in the channel's synchronization context: return quickly, do not block. What a listener
 * throws is logged and harms nobody.
 */
public interface BalancerListener {

  /**
   * Carries a listener to the balancer of a channel that was not built by {@link Evenkeel#channel}:
   * {@code builder.setNameResolverArg(BalancerListener.KEY, listener)}.
   */
  NameResolver.Args.Key<BalancerListener> KEY =
      NameResolver.Args.Key.create("io.evenkeel.listener");

  /** Discovery has brought {@code endpoint}; it is being connected. */
  default void onFound(Endpoint endpoint) {}

  /** {@code endpoint} takes calls from now on. */
  default void onReady(Endpoint endpoint) {}

  /** {@code endpoint}, which took calls until now, takes none; {@code reason} says why. */
  default void onLost(Endpoint endpoint, Status reason) {}

  /** {@code endpoint} is no longer in the list; calls that run on it finish. */
  default void onRemoved(Endpoint endpoint) {}

  /** Endpoints are chosen by {@code policy} from now on. */
  default void onPolicySwitched(String policy) {}

  /** The whole picture has changed; changes that come together are reported once. */
  default void onState(BalancerState state) {}
}
