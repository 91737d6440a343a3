package io.evenkeel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets a thread wait for its channel's balancer. Thread-safe. */
final class ChannelReadiness implements BalancerListener {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private @Nullable BalancerState state; // guarded by this

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
