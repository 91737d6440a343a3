package io.evenkeel.load;

import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How failures linger. One for all endpoints of a policy.
 *
 * @param timer asked by the threads that make calls
 * @param nanoTime as {@link System#nanoTime}
 */
public record LingerRules(Timer timer, LongSupplier nanoTime) {

  /** Longer than a call takes as a rule, so that failing never looks quicker than answering. */
  public static final Duration LINGER = Duration.ofSeconds(2);

  /** Runs tasks later, in the channel's synchronization context. Thread-safe. */
  @FunctionalInterface
  public interface Timer {

    /** Runs {@code task} once after {@code delayNanos}, unless the handle is cancelled before. */
    ScheduledHandle schedule(Runnable task, long delayNanos);
  }
}
