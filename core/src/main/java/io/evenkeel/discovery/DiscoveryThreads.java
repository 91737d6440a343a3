package io.evenkeel.discovery;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads that all discoveries of this process share. They are daemons, and end some seconds
 * after nobody has used them; nobody has to close them.
 */
final class DiscoveryThreads {
  /**
   * Threads for what may block. Enough that a few registries which hang, at 16 host names each, do
   * not hold up the others; few enough to be harmless.
   */
  static final int MAX_BLOCKING = 48;

  private static final long KEEP_SECONDS = 2;

  /** What discoveries of the process get: these threads, the system's time and chance. */
  static final DiscoveryContext CONTEXT =
      new DiscoveryContext(
          blocking(), timer(), System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());

  private DiscoveryThreads() {}

  /**
   * A task goes to a thread that has nothing to do; where there is none another thread is made, and
   * where there are {@link #MAX_BLOCKING} it waits. A pool of so many core threads would make them
   * all before it used one twice. The queue holds a task or two of each watch, so it is bounded by
   * their number.
   */
  private static ThreadPoolExecutor blocking() {
    AtomicInteger number = new AtomicInteger();
    HandOver queue = new HandOver();
    return new ThreadPoolExecutor(
        0,
        MAX_BLOCKING,
        KEEP_SECONDS,
        TimeUnit.SECONDS,
        queue,
        threads(() -> "evenkeel-discovery-" + number.incrementAndGet()),
        (task, full) -> queue.line(task));
  }

  /** Takes a task from the pool only if a thread waits for it, and in a line only when told to. */
  private static final class HandOver extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    void line(Runnable task) {
      boolean unused = super.offer(task);
    }
  }

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, threads(() -> "evenkeel-discovery-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(KEEP_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /** Threads that keep nothing of whoever happens to start them from being collected. */
  private static ThreadFactory threads(Supplier<String> names) {
    return task -> {
      Thread thread = new Thread(null, task, names.get(), 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(DiscoveryThreads.class.getClassLoader());
      return thread;
    };
  }
}
