package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.DiscoveryRecorder;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** A discovery with nobody who asks for it again, whose clock can be moved on. */
final class Watching implements AutoCloseable {
  private final ExecutorService offload = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final AtomicLong aheadNanos = new AtomicLong();
  private final KubernetesDiscovery discovery;
  final DiscoveryRecorder seen = new DiscoveryRecorder();

  private Watching(String target) {
    this.discovery =
        new KubernetesDiscovery(
            KubernetesTarget.parse(URI.create(target)),
            new DiscoveryContext(
                offload, scheduler, () -> System.nanoTime() + aheadNanos.get(), () -> 0.5),
            () -> ApiClients.open(RegistryCredentials.NONE));
  }

  /** Begins to watch {@code target} where {@link KubeconfigProperty} leads. */
  static Watching start(String target) {
    Watching watching = new Watching(target);
    watching.discovery.start(watching.seen);
    return watching;
  }

  void refresh() {
    discovery.refresh();
  }

  void advance(java.time.Duration duration) {
    aheadNanos.addAndGet(duration.toNanos());
  }

  @Override
  public void close() {
    discovery.close();
    offload.shutdown();
    scheduler.shutdown();
  }
}
