package io.evenkeel.discovery;

import io.evenkeel.backoff.Backoff;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a watch which has died without a word is noticed, and says when the client of a
 * registry that does not recover by itself is to be given up for a new one.
 *
 * <p>Used in one synchronization context only.
 */
final class Watchdog {
  /** Two, so that one slow answer costs no client. */
  private static final int SILENCES = 2;

  /** Bound on the mean wait between two new clients. */
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(2);

  private static final Duration LEAST_AUDIT = Duration.ofSeconds(1);
  private static final double JITTER = 0.2;

  private final SynchronizationContext serial;
  private final DiscoveryContext context;
  private final long auditNanos;
  private final long rebuildAfterNanos;
  private final Runnable question;
  private final Backoff backoff;

  private boolean failing;
  private long failingSinceNanos;
  private int silences;
  private boolean rebuilt; // since it fails
  private long notBeforeNanos;
  private @Nullable ScheduledHandle audit;

  /** Asks by {@code question}, which is paced. */
  Watchdog(
      SynchronizationContext serial,
      DiscoveryContext context,
      Supervision supervision,
      Runnable question) {
    this.serial = serial;
    this.context = context;
    this.auditNanos = supervision.auditInterval().toNanos();
    this.rebuildAfterNanos = supervision.rebuildAfter().toNanos();
    this.question = question;
    this.backoff = new Backoff(MAX_BACKOFF, context.random());
  }

  /** How closely to look where a list may be {@code maxAge} old: twice as often, at the least. */
  static Supervision within(Supervision supervision, Duration maxAge) {
    Duration audit = supervision.auditInterval();
    Duration needed = maxAge.dividedBy(2);
    if (audit.isZero() || maxAge.isZero() || audit.compareTo(needed) <= 0) {
      return supervision;
    }
    return supervision.withAuditInterval(needed.compareTo(LEAST_AUDIT) < 0 ? LEAST_AUDIT : needed);
  }

  /** Begins to ask now and then. */
  void start() {
    if (auditNanos == 0) {
      return;
    }
    double spread = 1 + JITTER * (2 * context.random().getAsDouble() - 1);
    audit =
        serial.schedule(
            () -> {
              question.run();
              start();
            },
            (long) (auditNanos * spread),
            TimeUnit.NANOSECONDS,
            context.scheduler());
  }

  /** The discovery has read its registry, whatever it found. */
  void answered() {
    failing = false;
    silences = 0;
    rebuilt = false;
    backoff.reset();
  }

  /** The discovery has told of an error; true if it is to be replaced. */
  boolean failed() {
    silences = 0;
    return judge();
  }

  /** The discovery has not answered; true if it is to be replaced. */
  boolean silent() {
    silences++;
    return judge();
  }

  void close() {
    if (audit != null) {
      audit.cancel();
      audit = null;
    }
  }

  private boolean judge() {
    long now = context.ticker().getAsLong();
    if (!failing) {
      failing = true;
      failingSinceNanos = now;
    }
    boolean forLong = rebuildAfterNanos > 0 && now - failingSinceNanos >= rebuildAfterNanos;
    boolean early = rebuilt && now - notBeforeNanos < 0;
    if (early || !(forLong || silences >= SILENCES)) {
      return false;
    }
    rebuilt = true;
    silences = 0;
    failingSinceNanos = now;
    notBeforeNanos = now + backoff.nextNanos();
    return true;
  }
}
