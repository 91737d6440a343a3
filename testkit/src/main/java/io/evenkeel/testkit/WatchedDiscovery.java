package io.evenkeel.testkit;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A discovery by itself, with nobody who asks for it again and a record of all it says. Its threads
 * are real, and so is its clock, which can be moved on. Thread-safe.
 */
public final class WatchedDiscovery implements AutoCloseable {
  private final ExecutorService offload = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final AtomicLong aheadNanos = new AtomicLong();
  private final DiscoveryRecorder seen = new DiscoveryRecorder();
  private final Discovery discovery;

  private WatchedDiscovery(Function<? super DiscoveryContext, ? extends Discovery> making) {
    this.discovery =
        making.apply(
            new DiscoveryContext(
                offload, scheduler, () -> System.nanoTime() + aheadNanos.get(), () -> 0.5));
  }

  /** Starts the discovery that {@code making} makes. */
  public static WatchedDiscovery start(
      Function<? super DiscoveryContext, ? extends Discovery> making) {
    WatchedDiscovery watched = new WatchedDiscovery(making);
    watched.discovery.start(watched.seen);
    return watched;
  }

  /** What it has said. */
  public DiscoveryRecorder seen() {
    return seen;
  }

  /** Asks it to look again now. */
  public void refresh() {
    discovery.refresh();
  }

  /** Moves its clock on. */
  public void advance(Duration duration) {
    aheadNanos.addAndGet(duration.toNanos());
  }

  @Override
  public void close() {
    discovery.close();
    offload.shutdown();
    scheduler.shutdown();
  }
}
