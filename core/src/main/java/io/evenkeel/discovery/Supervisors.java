package io.evenkeel.discovery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The supervisors of a process: one for each target that somebody watches, however many do.
 *
 * <p>Thread-safe. No lock is held while a discovery or a listener is called.
 */
final class Supervisors {
  /**
   * A supervisor that has a list stays for so long after the last watch of it has closed, so that a
   * channel which was idle for a moment, or is replaced by another, need not begin anew.
   */
  static final Duration LINGER = Duration.ofSeconds(5);

  /** Those of this process, on its shared threads. */
  static final Supervisors SHARED = new Supervisors(DiscoveryThreads.CONTEXT);

  private final DiscoveryContext context;
  private final Map<SourceTarget, Shared> known = new HashMap<>(); // guarded by this

  /** One supervisor and who uses it. */
  private static final class Shared {
    final Supervisor supervisor;
    int watches;
    @Nullable Future<?> end; // while nobody watches

    Shared(Supervisor supervisor) {
      this.supervisor = supervisor;
    }
  }

  Supervisors(DiscoveryContext context) {
    this.context = context;
  }

  /**
   * Watches {@code target} until the watch is closed. Returns at once; {@code listener} hears of
   * what is known, or as soon as something is.
   */
  Watch watch(SourceTarget target, Consumer<View> listener) {
    Supervisor supervisor = join(target);
    Watch watch = new Watch(this, supervisor, listener, context.offloadExecutor());
    supervisor.add(watch);
    return watch;
  }

  void release(Watch watch) {
    Supervisor supervisor = watch.supervisor();
    supervisor.remove(watch);
    if (leave(supervisor)) {
      supervisor.close();
    }
  }

  /** How many supervisors there are, those that linger included. */
  synchronized int size() {
    return known.size();
  }

  private synchronized Supervisor join(SourceTarget target) {
    Shared shared =
        known.computeIfAbsent(target, t -> new Shared(new Supervisor(t, this, context)));
    shared.watches++;
    if (shared.end != null) {
      shared.end.cancel(false);
      shared.end = null;
    }
    return shared.supervisor;
  }

  /** Whether the supervisor has nobody left and nothing to linger for. */
  private synchronized boolean leave(Supervisor supervisor) {
    SourceTarget target = supervisor.target();
    Shared shared = known.get(target);
    if (shared == null || shared.supervisor != supervisor || --shared.watches > 0) {
      return false;
    }
    if (!supervisor.hasList()) {
      known.remove(target);
      return true;
    }
    shared.end =
        context.scheduler().schedule(() -> end(shared), LINGER.toNanos(), TimeUnit.NANOSECONDS);
    return false;
  }

  private void end(Shared shared) {
    synchronized (this) {
      if (shared.watches > 0 || !known.remove(shared.supervisor.target(), shared)) {
        return;
      }
    }
    shared.supervisor.close();
  }
}
