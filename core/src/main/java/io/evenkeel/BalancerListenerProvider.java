package io.evenkeel;

import org.jspecify.annotations.Nullable;

/**
 * Listens to the balancers of the whole process, for tools that do not build the channels. Found by
 * {@link java.util.ServiceLoader}, or added by {@link Evenkeel#addListener}.
 */
@FunctionalInterface
public interface BalancerListenerProvider {

  /**
   * The listener for {@code balancer}, which starts now or is met for the first time; null to hear
   * nothing of it. Called in that channel's synchronization context. A listener that is answered
   * for several balancers hears them at the same time.
   */
  @Nullable BalancerListener newListener(BalancerView balancer);
}
