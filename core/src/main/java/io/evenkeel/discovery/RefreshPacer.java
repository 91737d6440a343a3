package io.evenkeel.discovery;

import io.evenkeel.backoff.Backoff;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a discovery is asked again: after a request, but not more often than {@link
 * #MIN_INTERVAL}; after a failure, with growing waits; never while the registry rests; and never
 * again by itself while all is well.
 *
 * <p>A request is put off, never dropped, because the connection that was lost a moment after the
 * last look is exactly what that look could not see.
 *
 * <p>Used in one synchronization context only.
 */
final class RefreshPacer {
  /** Least time between two questions. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

  private final SynchronizationContext syncContext;
  private final DiscoveryContext context;
  private final Runnable question;
  private final Runnable onSilence;
  private final Backoff backoff;
  private final long answerTimeoutNanos;

  private boolean waiting;
  private boolean wanted;
  private long lastAskedNanos;
  private long nextNanos;
  private boolean rested;
  private long restsUntilNanos;
  private @Nullable ScheduledHandle next;
  private @Nullable ScheduledHandle silence;

  /**
   * What is asked.
   *
   * @param ask asks the discovery
   * @param onSilence tells that no answer came in time; a later one still counts
   */
  record Question(Runnable ask, Runnable onSilence) {}

  RefreshPacer(
      SynchronizationContext syncContext,
      DiscoveryContext context,
      Supervision supervision,
      Question question) {
    this.syncContext = syncContext;
    this.context = context;
    this.question = question.ask;
    this.onSilence = question.onSilence;
    this.answerTimeoutNanos = supervision.answerTimeout().toNanos();
    this.backoff = new Backoff(supervision.maxBackoff(), context.random());
  }

  /** Runs {@code question} now and awaits its answer. */
  void ask(Runnable question) {
    cancelNext();
    wanted = false;
    waiting = true;
    lastAskedNanos = now();
    cancelSilence();
    silence = schedule(this::silent, answerTimeoutNanos);
    question.run();
  }

  /** Asks as soon as the least interval allows, and after the answer that is under way. */
  void request() {
    wanted = true;
    if (!waiting) {
      askAt(lastAskedNanos + MIN_INTERVAL.toNanos());
    }
  }

  /** The discovery answered, and asking again would find nothing new. */
  void succeeded() {
    answered();
    backoff.reset();
    if (wanted) {
      request();
    } else {
      cancelNext();
    }
  }

  /** The discovery answered, and asking again may help. */
  void failed() {
    answered();
    if (wanted) {
      request();
      return;
    }
    if (next != null) {
      return;
    }
    askAt(now() + backoff.nextNanos());
  }

  /** Puts off every question, also one that is wished for already. */
  void rest(Duration length) {
    rested = true;
    restsUntilNanos = now() + length.toNanos();
    if (next != null) {
      cancelNext();
      askAt(nextNanos);
    }
  }

  void close() {
    cancelNext();
    cancelSilence();
  }

  private void silent() {
    silence = null;
    onSilence.run();
  }

  private void answered() {
    waiting = false;
    cancelSilence();
  }

  /** The earlier of two wishes wins. */
  private void askAt(long wished) {
    long nanos = rested && restsUntilNanos - wished > 0 ? restsUntilNanos : wished;
    if (next != null && nextNanos - nanos <= 0) {
      return;
    }
    cancelNext();
    long delay = nanos - now();
    if (delay <= 0) {
      ask(question);
      return;
    }
    nextNanos = nanos;
    next = schedule(() -> ask(question), delay);
  }

  private ScheduledHandle schedule(Runnable task, long delayNanos) {
    return syncContext.schedule(task, delayNanos, TimeUnit.NANOSECONDS, context.scheduler());
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private void cancelSilence() {
    if (silence != null) {
      silence.cancel();
      silence = null;
    }
  }

  private long now() {
    return context.ticker().getAsLong();
  }
}
