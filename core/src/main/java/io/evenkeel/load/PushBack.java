package io.evenkeel.load;

import io.grpc.Deadline;
import io.grpc.Metadata;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a server that fails an attempt has said of further ones of the same call: when the next may
 * start, or that none may. Immutable.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback">gRFC
 *     A6, Pushback</a>
 */
public final class PushBack {
  static final Metadata.Key<String> TRAILER =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String FORBIDDING = "-1";

  private final @Nullable Deadline earliest; // null for never

  private PushBack(@Nullable Deadline earliest) {
    this.earliest = earliest;
  }

  /**
   * Reads {@code millis}, which has just come. What is negative, or no number, says that none may.
   */
  static PushBack of(String millis) {
    return of(millis, Deadline.getSystemTicker());
  }

  static PushBack of(String millis, Deadline.Ticker ticker) {
    try {
      int delay = Integer.parseInt(millis);
      return new PushBack(delay < 0 ? null : Deadline.after(delay, TimeUnit.MILLISECONDS, ticker));
    } catch (NumberFormatException notNumeric) {
      return new PushBack(null);
    }
  }

  /** Has {@code trailers}, which say nothing of further attempts, say that there may be none. */
  static void forbidIn(Metadata trailers) {
    trailers.put(TRAILER, FORBIDDING);
  }

  /** Takes back what {@link #forbidIn} has added. */
  static void removeFrom(Metadata trailers) {
    trailers.removeAll(TRAILER);
  }

  /** Whether the call may not be tried again. */
  public boolean forbids() {
    return earliest == null;
  }

  /** How much longer the next attempt has to wait; 0 or less when it may start. */
  public long waitNanos() {
    return earliest == null ? Long.MAX_VALUE : earliest.timeRemaining(TimeUnit.NANOSECONDS);
  }
}
