package io.evenkeel;

import java.util.List;

/**
 * Where a program meets Evenkeel: {@code
 * Evenkeel.channel("file:///etc/orders.json").plaintext().build()}.
 *
 * <p>Everything here can be had without it: put the jar on the class path, name the policy {@code
 * evenkeel} in the service config of an ordinary channel, and add {@link
 * CallTracking#interceptor()}.
 */
public final class Evenkeel {

  private Evenkeel() {}

  /**
   * Starts a channel that balances over all endpoints of {@code target}.
   *
   * @param target where to find the endpoints: {@code fixed:///host:port,host:port}, {@code
   *     file:///path}, or any other target that gRPC resolves on this class path
   */
  public static ChannelBuilder channel(String target) {
    return new ChannelBuilder(target);
  }

  /**
   * The balancers of this process that are in use, sorted by target. A channel that is idle, or
   * balances by another policy such as {@code pick_first}, has none.
   */
  public static List<BalancerView> balancers() {
    return BalancerRegistry.balancers();
  }

  /**
   * Listens to all balancers of this process, those that live now included: {@code provider} is
   * asked for a listener at the next event of each.
   */
  public static void addListener(BalancerListenerProvider provider) {
    BalancerRegistry.addListener(provider);
  }

  /** Ends what {@link #addListener} began: its listeners hear nothing from the next event on. */
  public static void removeListener(BalancerListenerProvider provider) {
    BalancerRegistry.removeListener(provider);
  }
}
