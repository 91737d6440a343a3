package io.evenkeel.example;

import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerListenerProvider;
import io.evenkeel.BalancerView;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a tool on the class path looks like: it hears of every balancer without being asked. */
public final class CountingListenerProvider implements BalancerListenerProvider {
  /** The balancers that were met and have not ended. */
  private static final Set<Integer> MET = ConcurrentHashMap.newKeySet();

  /** Whether {@code balancer} was met and has not ended. */
  static boolean knows(BalancerView balancer) {
    return MET.contains(System.identityHashCode(balancer));
  }

  @Override
  public BalancerListener newListener(BalancerView balancer) {
    return new BalancerListener() {
      @Override
      public void onStarted(BalancerView started) {
        MET.add(System.identityHashCode(started));
      }

      @Override
      public void onEnded(BalancerView ended) {
        MET.remove(System.identityHashCode(ended));
      }
    };
  }
}
