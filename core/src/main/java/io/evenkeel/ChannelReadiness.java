package io.evenkeel;

import io.grpc.NameResolver;
import java.time.Duration;

/**
 * How a channel learns from its balancer how many endpoints are READY. Thread-safe: the balancer
 * writes in its synchronization context, any thread waits.
 */
public final class ChannelReadiness {

  /** Carries this object from the channel to its balancer. */
  public static final NameResolver.Args.Key<ChannelReadiness> KEY =
      NameResolver.Args.Key.create("io.evenkeel.readiness");

  private int readyEndpoints; // guarded by this
  private String state = "has not resolved its target yet"; // guarded by this

  ChannelReadiness() {}

  /** The balancer's report: how many endpoints take calls now, and the whole picture in words. */
  public synchronized void report(int readyEndpoints, String state) {
    this.readyEndpoints = readyEndpoints;
    this.state = state;
    notifyAll();
  }

  /** Waits until at least {@code minEndpoints} take calls; answers whether they did in time. */
  synchronized boolean await(int minEndpoints, Duration timeout) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (readyEndpoints < minEndpoints) {
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }

  /** The last report in words. */
  synchronized String state() {
    return state;
  }
}
