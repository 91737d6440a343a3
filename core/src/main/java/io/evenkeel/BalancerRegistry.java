package io.evenkeel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The live balancers of this process, and who listens to all of them. Users reach it through {@link
 * Evenkeel}; a balancer adds itself when it starts and removes itself when it ends.
 *
 * <p>It holds balancers weakly: a channel that is forgotten and never shut down is not kept alive
 * by being listed. Thread-safe.
 */
public final class BalancerRegistry {
  private static final Logger LOGGER = System.getLogger(BalancerRegistry.class.getName());

  private static final Set<BalancerView> BALANCERS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private static volatile List<BalancerListenerProvider> providers = List.copyOf(found());

  private BalancerRegistry() {}

  /** Lists {@code balancer} from now on. */
  public static void add(BalancerView balancer) {
    BALANCERS.add(balancer);
  }

  /** Lists {@code balancer} no more. */
  public static void remove(BalancerView balancer) {
    BALANCERS.remove(balancer);
  }

  /** Who listens to all balancers. A new list each time it changes; costs one volatile read. */
  public static List<BalancerListenerProvider> listenerProviders() {
    return providers;
  }

  static List<BalancerView> balancers() {
    List<BalancerView> live;
    synchronized (BALANCERS) {
      live = new ArrayList<>(BALANCERS);
    }
    live.sort(Comparator.comparing(BalancerView::target));
    return List.copyOf(live);
  }

  static synchronized void addListener(BalancerListenerProvider provider) {
    List<BalancerListenerProvider> next = new ArrayList<>(providers);
    next.add(provider);
    providers = List.copyOf(next);
  }

  static synchronized void removeListener(BalancerListenerProvider provider) {
    providers = providers.stream().filter(each -> each != provider).toList();
  }

  /** One bad provider on the class path must not take the others with it. */
  private static List<BalancerListenerProvider> found() {
    List<BalancerListenerProvider> found = new ArrayList<>();
    Iterator<BalancerListenerProvider> loaded =
        ServiceLoader.load(BalancerListenerProvider.class, BalancerRegistry.class.getClassLoader())
            .iterator();
    while (true) {
      try {
        if (!loaded.hasNext()) {
          return found;
        }
        found.add(loaded.next());
      } catch (ServiceConfigurationError refused) {
        LOGGER.log(Level.WARNING, "a balancer listener on the class path is left out", refused);
      }
    }
  }
}
