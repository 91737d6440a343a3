package io.evenkeel.balancer;

import io.grpc.ChannelLogger;
import io.grpc.ChannelLogger.ChannelLogLevel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Counts what policies throw, so that a broken policy shows and harms no call. Thread-safe. */
final class PolicyFaults {
  private final LongAdder count = new LongAdder();
  private final ChannelLogger logger;

  /** The first fault is enough; the hot path could throw millions. */
  private final AtomicBoolean logged = new AtomicBoolean();

  PolicyFaults(ChannelLogger logger) {
    this.logger = logger;
  }

  void count(Throwable thrown) {
    count.increment();
    if (!logged.get() && logged.compareAndSet(false, true)) {
      logger.log(
          ChannelLogLevel.ERROR, "the policy throws; calls go to any ready endpoint: {0}", thrown);
    }
  }

  long total() {
    return count.sum();
  }
}
