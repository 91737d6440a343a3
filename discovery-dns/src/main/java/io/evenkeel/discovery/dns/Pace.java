package io.evenkeel.discovery.dns;

import io.evenkeel.backoff.Backoff;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Says how long to wait until the next look.
 *
 * <ul>
 *   <li>After an answer, as long as its TTL says, within the bounds of the settings. Up to a tenth
 *       of that less, so that clients do not ask together and a change is still seen within one
 *       TTL.
 *   <li>After a name that is not there, as long as its zone says (RFC 2308), at most {@link
 *       #MAX_NEGATIVE}.
 *   <li>After a failure, or where the answer is incomplete or says no TTL, with growing waits.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class Pace {
  /** Zones name hours here, which is too long for a service that is about to appear. */
  static final Duration MAX_NEGATIVE = Duration.ofSeconds(30);

  /** Bound on the mean wait after many failures. */
  static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

  private static final double JITTER = 0.1;

  private final DnsSettings settings;
  private final DoubleSupplier random;
  private final Backoff backoff;

  Pace(DnsSettings settings, DoubleSupplier random) {
    this.settings = settings;
    this.random = random;
    this.backoff = new Backoff(MAX_BACKOFF, random);
  }

  long waitNanos(Seen seen) {
    if (!isTimed(seen)) {
      return backoff.nextNanos();
    }
    long timed = jittered(timedNanos(seen));
    if (!seen.complete()) {
      return Math.min(timed, backoff.nextNanos());
    }
    backoff.reset();
    return timed;
  }

  private boolean isTimed(Seen seen) {
    return seen.outcome().isDefinite()
        && (seen.ttlNanos() != Reply.NO_TTL || !settings.interval().isZero());
  }

  private long timedNanos(Seen seen) {
    if (!settings.interval().isZero()) {
      return settings.interval().toNanos();
    }
    long most = settings.maxTtl().toNanos();
    if (seen.outcome() != Outcome.RECORDS) {
      most = Math.min(most, Math.max(MAX_NEGATIVE.toNanos(), settings.minTtl().toNanos()));
    }
    return Math.min(most, Math.max(settings.minTtl().toNanos(), seen.ttlNanos()));
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 - JITTER * random.getAsDouble()));
  }
}
