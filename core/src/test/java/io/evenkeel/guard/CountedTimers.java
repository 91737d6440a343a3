package io.evenkeel.guard;

import io.grpc.SynchronizationContext;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Stream;

/**
 * A channel's timers, of which it knows those that the balancer has set; the others are gRPC's own,
 * for idleness, deadlines and subchannels that are about to go. Thread-safe.
 */
final class CountedTimers extends ScheduledThreadPoolExecutor {
  private final Set<Runnable> set = ConcurrentHashMap.newKeySet();

  CountedTimers() {
    super(1);
    setRemoveOnCancelPolicy(true);
  }

  /** How many of the balancer's wait for their time. */
  int ofTheBalancer() {
    return (int) getQueue().stream().filter(set::contains).count();
  }

  @Override
  protected <V> RunnableScheduledFuture<V> decorateTask(
      Runnable task, RunnableScheduledFuture<V> timer) {
    return known(timer);
  }

  @Override
  protected <V> RunnableScheduledFuture<V> decorateTask(
      Callable<V> task, RunnableScheduledFuture<V> timer) {
    return known(timer);
  }

  private <V> RunnableScheduledFuture<V> known(RunnableScheduledFuture<V> timer) {
    boolean byTheBalancer = StackWalker.getInstance().walk(CountedTimers::isSetByTheBalancer);
    if (byTheBalancer) {
      set.add(timer);
    }
    return timer;
  }

  /** Whoever sets a timer of a channel asks its synchronization context to run it. */
  private static boolean isSetByTheBalancer(Stream<StackWalker.StackFrame> frames) {
    String context = SynchronizationContext.class.getName();
    return frames
        .map(StackWalker.StackFrame::getClassName)
        .dropWhile(name -> !name.equals(context))
        .dropWhile(name -> name.equals(context))
        .limit(1)
        .anyMatch(name -> name.startsWith("io.evenkeel."));
  }
}
