package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.LoadBalancer.Helper;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what policies throw, so that a broken policy shows and harms no call. Thread-safe, except
 * where a method says otherwise.
 */
final class PolicyFaults {
  /** The hot path could throw millions: listeners hear of them once in this time. */
  static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

  private final LongAdder count = new LongAdder();
  private final Helper helper;
  private final Listeners listeners;
  private final AtomicBoolean logged = new AtomicBoolean();
  private final AtomicBoolean reporting = new AtomicBoolean();
  private volatile @Nullable Throwable last; // the one that is or was reported
  private volatile @Nullable ScheduledHandle timer;
  private volatile boolean closed;

  PolicyFaults(Helper helper, Listeners listeners) {
    this.helper = helper;
    this.listeners = listeners;
  }

  void count(Throwable thrown) {
    count.increment();
    if (!logged.get() && logged.compareAndSet(false, true)) {
      helper
          .getChannelLogger()
          .log(
              ChannelLogLevel.ERROR,
              "the policy throws; calls go to any ready endpoint: {0}",
              thrown);
    }
    if (!reporting.get() && reporting.compareAndSet(false, true)) {
      last = thrown;
      schedule(this::report, Duration.ZERO);
    }
  }

  long total() {
    return count.sum();
  }

  /** One of those that were thrown last; null when none was. */
  @Nullable Throwable last() {
    return last;
  }

  /** Reports nothing more. Synchronization context only. */
  void close() {
    closed = true;
    cancelTimer();
  }

  private void report() {
    Throwable thrown = last;
    if (closed || thrown == null) {
      return;
    }
    listeners.tell(listener -> listener.onPolicyFault(thrown, total()));
    schedule(() -> reporting.set(false), REPORT_INTERVAL);
  }

  /** By timer also without delay: the thread of a call is not to run what waits in the context. */
  private void schedule(Runnable task, Duration delay) {
    try {
      timer =
          helper
              .getSynchronizationContext()
              .schedule(task, delay.toNanos(), NANOSECONDS, helper.getScheduledExecutorService());
    } catch (RejectedExecutionException channelHasEnded) {
      reporting.set(false);
    }
    if (closed) {
      cancelTimer();
    }
  }

  private void cancelTimer() {
    ScheduledHandle running = timer;
    if (running != null) {
      running.cancel();
    }
  }
}
