package io.evenkeel;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows its channel's balancer, and lets a thread wait for it. Thread-safe. */
final class ChannelReadiness implements BalancerListener {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private @Nullable BalancerState state; // guarded by this
  private @Nullable BalancerView balancer; // guarded by this

  @Override
  public synchronized void onStarted(BalancerView started) {
    balancer = started;
  }

  @Override
  public synchronized void onEnded(BalancerView ended) {
    balancer = balancer == ended ? null : balancer;
  }

  /** The balancer that is in use now. */
  synchronized Optional<BalancerView> balancer() {
    return Optional.ofNullable(balancer);
  }

  @Override
  public synchronized void onState(BalancerState state) {
    this.state = state;
    notifyAll();
  }

  /** Waits until at least {@code minEndpoints} take calls; answers whether they did in time. */
  synchronized boolean await(int minEndpoints, Duration timeout) throws InterruptedException {
    long startNanos = System.nanoTime();
    while (state == null || state.ready() < minEndpoints) {
      long leftMillis = (timeout.toNanos() - (System.nanoTime() - startNanos)) / NANOS_PER_MILLI;
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }

  /** What was last heard, in words. */
  synchronized String describe() {
    return state == null ? "the balancer has said nothing yet" : state.toString();
  }
}
