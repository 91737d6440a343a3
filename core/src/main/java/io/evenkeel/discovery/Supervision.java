package io.evenkeel.discovery;

import io.evenkeel.backoff.Backoff;
import java.time.Duration;

/**
 * How closely the watches of a back end are looked after.
 *
 * @param auditInterval how often a watch that says nothing is asked whether it lives, spread by ±20
 *     %; zero where a discovery looks by itself and tells of each failure, so that its silence
 *     means that nothing has changed
 * @param answerTimeout a question without an answer for this long has failed; after two in a row
 *     the discovery is closed and another one opened
 * @param rebuildAfter after errors for this long the discovery is closed and another one opened;
 *     zero for never
 * @param maxBackoff after failures the discovery is asked again with growing waits, of this length
 *     at most, spread by ±20 %; so late a registry that was away is noticed to be back. At least 1
 *     s, with which the waits begin
 */
public record Supervision(
    Duration auditInterval, Duration answerTimeout, Duration rebuildAfter, Duration maxBackoff) {

  /** A question a minute, 15 s to answer it, another client after 30 s of errors, waits to 30 s. */
  public static final Supervision DEFAULT =
      new Supervision(
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  /** For a discovery that looks by itself, and keeps nothing that could break. */
  public static final Supervision SELF_POLLING =
      new Supervision(Duration.ZERO, DEFAULT.answerTimeout, Duration.ZERO, DEFAULT.maxBackoff);

  public Supervision {
    if (auditInterval.isNegative() || rebuildAfter.isNegative()) {
      throw new IllegalArgumentException(
          "supervision: %s, %s (expected: no negative duration)"
              .formatted(auditInterval, rebuildAfter));
    }
    if (answerTimeout.isNegative() || answerTimeout.isZero()) {
      throw new IllegalArgumentException(
          "answerTimeout: %s (expected: more than zero)".formatted(answerTimeout));
    }
    if (maxBackoff.compareTo(Backoff.FIRST) < 0) {
      throw new IllegalArgumentException(
          "maxBackoff: %s (expected: at least %s)".formatted(maxBackoff, Backoff.FIRST));
    }
  }

  /** The same with another {@link #auditInterval}. */
  public Supervision withAuditInterval(Duration auditInterval) {
    return new Supervision(auditInterval, answerTimeout, rebuildAfter, maxBackoff);
  }

  /**
   * The same with another {@link #maxBackoff}: a shorter one for a registry that is asked cheaply.
   */
  public Supervision withMaxBackoff(Duration maxBackoff) {
    return new Supervision(auditInterval, answerTimeout, rebuildAfter, maxBackoff);
  }
}
