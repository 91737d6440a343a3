package io.evenkeel.balancer;

import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerListenerProvider;
import io.evenkeel.BalancerRegistry;
import io.evenkeel.BalancerView;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.LoadBalancer.Helper;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the channel's listener and those of the process, and keeps what they throw from the
 * balancer and from each other. Synchronization context only.
 */
final class Listeners {
  private final Helper helper;
  private final BalancerView balancer;
  private final @Nullable BalancerListener own;

  /** The providers of the process, as they were when they were last asked. */
  private List<BalancerListenerProvider> providers = List.of();

  private IdentityHashMap<BalancerListenerProvider, BalancerListener> provided =
      new IdentityHashMap<>();

  Listeners(Helper helper, BalancerView balancer) {
    this.helper = helper;
    this.balancer = balancer;
    this.own = helper.getNameResolverArgs().getArg(BalancerListener.KEY);
  }

  /** The balancer begins. */
  void started() {
    if (own != null) {
      tell(own, listener -> listener.onStarted(balancer));
    }
    meetProviders();
  }

  void tell(Consumer<BalancerListener> event) {
    meetProviders();
    if (own != null) {
      tell(own, event);
    }
    for (BalancerListenerProvider provider : providers) {
      BalancerListener listener = provided.get(provider);
      if (listener != null) {
        tell(listener, event);
      }
    }
  }

  /** Lets in who was added to the process since the last event, and forgets who was removed. */
  private void meetProviders() {
    List<BalancerListenerProvider> current = BalancerRegistry.listenerProviders();
    if (current == providers) {
      return;
    }
    IdentityHashMap<BalancerListenerProvider, BalancerListener> known = provided;
    provided = new IdentityHashMap<>();
    providers = current;
    for (BalancerListenerProvider provider : current) {
      BalancerListener listener = known.get(provider);
      if (listener == null) {
        meet(provider);
      } else {
        provided.put(provider, listener);
      }
    }
  }

  private void meet(BalancerListenerProvider provider) {
    try {
      BalancerListener listener = provider.newListener(balancer);
      if (listener != null) {
        provided.put(provider, listener);
        listener.onStarted(balancer);
      }
    } catch (Throwable thrown) {
      log(thrown);
    }
  }

  private void tell(BalancerListener listener, Consumer<BalancerListener> event) {
    try {
      event.accept(listener);
    } catch (Throwable thrown) {
      log(thrown);
    }
  }

  private void log(Throwable thrown) {
    helper.getChannelLogger().log(ChannelLogLevel.ERROR, "a balancer listener throws: {0}", thrown);
  }
}
