package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.grpc.SynchronizationContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel's or program's share of a {@link Supervisor}. Its listener hears one view at a time,
 * on a thread of its own turn, so a slow one holds up nobody; views that are overtaken are left
 * out.
 *
 * <p>Thread-safe.
 */
final class Watch implements AutoCloseable {
  private static final Logger log = System.getLogger(Watch.class.getName());

  private final Supervisors home;
  private final Supervisor supervisor;
  private final Consumer<View> listener;
  private final Executor executor;
  private final SynchronizationContext serial =
      new SynchronizationContext((thread, e) -> log.log(Level.WARNING, "a watch has failed", e));
  private final AtomicReference<@Nullable View> untold = new AtomicReference<>();
  private volatile boolean closed;

  Watch(Supervisors home, Supervisor supervisor, Consumer<View> listener, Executor executor) {
    this.home = home;
    this.supervisor = supervisor;
    this.listener = listener;
    this.executor = executor;
  }

  /** Asks the source to look again; put off where it was asked a moment ago. */
  void refresh() {
    if (!closed) {
      supervisor.refresh();
    }
  }

  DiscoveryStatus status() {
    return supervisor.status();
  }

  Supervisor supervisor() {
    return supervisor;
  }

  /** Nothing is told once this has returned, but for what is under way. Safe to call twice. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      home.release(this);
    }
  }

  /** Hands {@code view} over; never blocks. */
  void tell(View view) {
    if (untold.getAndSet(view) == null) {
      executor.execute(() -> serial.execute(this::deliver));
    }
  }

  private void deliver() {
    View view = untold.getAndSet(null);
    if (view == null || closed) {
      return;
    }
    try {
      listener.accept(view);
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "a listener to a list of endpoints throws", e);
    }
  }
}
