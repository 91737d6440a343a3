package io.evenkeel.cli.console;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in its own way when the process is told to stop, by Ctrl-C or SIGTERM.
 *
 * <p>The process waits for {@link #close()}, but no longer than the grace given; then it ends with
 * the exit code that the signal means. Thread-safe.
 */
public final class Interruption implements AutoCloseable {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1); // once onRequest has run
  private final CountDownLatch finished = new CountDownLatch(1);
  private final long graceNanos;
  private final Runnable onRequest;
  private final Thread hook = new Thread(this::requestAndWait, "evenkeel-stop");

  private Interruption(Duration grace, Runnable onRequest) {
    this.graceNanos = grace.toNanos();
    this.onRequest = onRequest;
  }

  /** Starts to listen; {@code onRequest} runs on a thread of its own when the time has come. */
  public static Interruption listen(Duration grace, Runnable onRequest) {
    Interruption interruption = new Interruption(grace, onRequest);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether the process was told to stop. */
  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** Waits until the process is told to stop, and {@code onRequest} has run. */
  public void await() throws InterruptedException {
    told.await();
  }

  /** The same, at most for {@code timeout}; answers whether it was. */
  public boolean await(Duration timeout) throws InterruptedException {
    return told.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The command has ended in its own way. Safe to call twice. */
  @Override
  public void close() {
    finished.countDown();
    if (requested()) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // The process is ending already; the hook finds the command finished.
      finished.countDown();
    }
  }

  private void requestAndWait() {
    requested.countDown();
    onRequest.run();
    told.countDown();
    try {
      finished.await(graceNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
