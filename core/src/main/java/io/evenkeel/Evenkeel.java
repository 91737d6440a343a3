package io.evenkeel;

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
}
