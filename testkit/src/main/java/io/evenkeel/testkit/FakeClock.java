package io.evenkeel.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time that passes only when the test says so, and an executor that runs its tasks then. Tasks
 * without a delay run at once. Not thread-safe.
 */
public final class FakeClock extends AbstractExecutorService
    implements ScheduledExecutorService, LongSupplier {
  private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
  private long nowNanos;
  private long sequence;
  private boolean shutdown;

  /** The time, as {@link System#nanoTime} would tell it. */
  @Override
  public long getAsLong() {
    return nowNanos;
  }

  /** Lets time pass, and runs what becomes due in the order it does. */
  public void advance(Duration duration) {
    long untilNanos = nowNanos + duration.toNanos();
    while (!tasks.isEmpty() && tasks.peek().dueNanos <= untilNanos) {
      Task<?> task = tasks.remove();
      nowNanos = Math.max(nowNanos, task.dueNanos);
      task.fire();
    }
    nowNanos = untilNanos;
  }

  /** How many tasks wait for their time. */
  public int waiting() {
    return tasks.size();
  }

  @Override
  public void execute(Runnable command) {
    command.run();
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return schedule(
        () -> {
          command.run();
          return null;
        },
        delay,
        unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return add(new Task<>(callable, nowNanos + unit.toNanos(delay), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return add(
        new Task<>(
            asCallable(command), nowNanos + unit.toNanos(initialDelay), unit.toNanos(period)));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return scheduleAtFixedRate(command, initialDelay, delay, unit);
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> left = new ArrayList<>(tasks);
    tasks.clear();
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && tasks.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }

  private <V> Task<V> add(Task<V> task) {
    tasks.add(task);
    return task;
  }

  private static Callable<Void> asCallable(Runnable command) {
    return () -> {
      command.run();
      return null;
    };
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long order = sequence++;
    private final long periodNanos; // 0 for once
    private long dueNanos;

    Task(Callable<V> callable, long dueNanos, long periodNanos) {
      super(callable);
      this.dueNanos = dueNanos;
      this.periodNanos = periodNanos;
    }

    void fire() {
      if (periodNanos == 0) {
        run();
      } else if (runAndReset()) {
        dueNanos += periodNanos;
        tasks.add(this);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      tasks.remove(this);
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    @SuppressWarnings("unchecked")
    public int compareTo(Delayed other) {
      Task<V> task = (Task<V>) other;
      return dueNanos == task.dueNanos
          ? Long.compare(order, task.order)
          : Long.compare(dueNanos, task.dueNanos);
    }
  }
}
