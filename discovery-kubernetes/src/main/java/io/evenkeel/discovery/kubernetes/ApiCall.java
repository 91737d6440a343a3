package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import org.jspecify.annotations.Nullable;

/** A request under way. Thread-safe. */
final class ApiCall implements AutoCloseable {
  private @Nullable AsyncBody body; // guarded by this
  private boolean closed; // guarded by this

  /** The answer has begun. */
  void begun(AsyncBody body) {
    synchronized (this) {
      if (!closed) {
        this.body = body;
        return;
      }
    }
    body.cancel();
  }

  /**
   * Ends the request and its connection: at once where the answer has begun, else as soon as it
   * does. Safe to call twice.
   */
  @Override
  public void close() {
    AsyncBody open;
    synchronized (this) {
      closed = true;
      open = body;
      body = null;
    }
    if (open != null) {
      open.cancel();
    }
  }
}
