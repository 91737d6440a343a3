package io.evenkeel.balancer;

import io.evenkeel.BalancerListener;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.LoadBalancer.Helper;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the channel's listener, and keeps what it throws from the balancer. Synchronization context
 * only.
 */
final class Listeners {
  private final Helper helper;
  private final @Nullable BalancerListener listener;

  Listeners(Helper helper) {
    this.helper = helper;
    this.listener = helper.getNameResolverArgs().getArg(BalancerListener.KEY);
  }

  void tell(Consumer<BalancerListener> event) {
    if (listener == null) {
      return;
    }
    try {
      event.accept(listener);
    } catch (Throwable thrown) {
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.ERROR, "a balancer listener throws: {0}", thrown);
    }
  }
}
