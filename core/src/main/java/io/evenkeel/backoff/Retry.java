package io.evenkeel.backoff;

import io.grpc.Context;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens a stream, and opens it again after a {@link Backoff} whenever its owner says that it has
 * ended. The owner cancels it when the stream is wanted no more.
 *
 * <p>Lives in the synchronization context: every method is called there.
 */
public final class Retry {
  /** The longest wait, before it is spread. */
  public static final Duration MAX_BACKOFF = Duration.ofMinutes(2);

  private final Runnable open;
  private final Timing timing;
  private final Backoff backoff;
  private @Nullable ScheduledHandle next;

  /**
   * What it takes from outside.
   *
   * @param syncContext where everything happens
   * @param scheduler wakes the synchronization context up
   * @param random spreads the streams of many endpoints
   */
  public record Timing(
      SynchronizationContext syncContext,
      ScheduledExecutorService scheduler,
      RandomGenerator random) {

    /** Runs {@code task} in the synchronization context after a while. */
    public ScheduledHandle schedule(Runnable task, long delayNanos) {
      return syncContext.schedule(task, delayNanos, TimeUnit.NANOSECONDS, scheduler);
    }
  }

  /** Opens by {@code open}, which does not throw. */
  public Retry(Runnable open, Timing timing) {
    this.open = open;
    this.timing = timing;
    this.backoff = new Backoff(MAX_BACKOFF, timing.random()::nextDouble);
  }

  /** Opens now. */
  public void now() {
    next = null;
    // Whatever call's thread runs the synchronization context now: its end is not the stream's.
    Context.ROOT.run(open);
  }

  /** Opens after a wait, longer than the last unless the stream was of use. */
  public void later() {
    next = timing.schedule(this::now, backoff.nextNanos());
  }

  /** The stream has been of use: the next wait is a short one. */
  public void succeeded() {
    backoff.reset();
  }

  /** Does not open any more. Safe to call twice. */
  public void cancel() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }
}
