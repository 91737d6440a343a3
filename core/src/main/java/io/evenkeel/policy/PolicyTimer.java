package io.evenkeel.policy;

import io.grpc.SynchronizationContext.ScheduledHandle;

/** Runs a task once, later, in the channel's synchronization context. Thread-safe. */
@FunctionalInterface
public interface PolicyTimer {

  /** Runs {@code task} after {@code delayNanos}, unless the handle is cancelled before. */
  ScheduledHandle schedule(Runnable task, long delayNanos);
}
