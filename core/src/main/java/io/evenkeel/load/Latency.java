package io.evenkeel.load;

import org.jspecify.annotations.Nullable;

/**
 * How long one endpoint takes to answer, as an average that sees the worst first, and how long its
 * oldest open call has been waiting.
 *
 * <h2>Peak EWMA</h2>
 *
 * A latency above the average replaces it at once. One below pulls it down by the weight of the
 * time that has passed since the last, so that it falls as fast with many calls as with few. The
 * average also falls while nothing is measured: an endpoint that was bad is tried again one day.
 *
 * <h2>What counts</h2>
 *
 * <ul>
 *   <li>The time to the first message, or to the end of a call that has none.
 *   <li>A failure of the endpoint counts as the penalty at least, so failing fast looks slow.
 *   <li>An error that is about the call, or a deadline that has passed, says that an answer would
 *       have taken at least so long: it can raise the average, and never lowers it.
 *   <li>A call that was cancelled says nothing.
 * </ul>
 *
 * <p>Thread-safe. Starts and ends of calls take a lock of this endpoint for a few dozen
 * nanoseconds; readers take none.
 *
 * @see <a
 *     href="https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/PeakEwma.scala">Finagle,
 *     PeakEwma</a>
 */
public final class Latency {
  /** After so many halvings, eight decay times, an average says nothing any more. */
  private static final double MEMORY_HALVINGS = 8 / Math.log(2);

  /** Before this an average has lost less than 1 %. */
  private static final double YOUNG_HALVINGS = 1 / 70.0;

  private static final int MANTISSA_BITS = 52;

  private static final long NOTHING_OPEN = Long.MAX_VALUE;
  private static final double NO_FAILURE = -1;

  private final LatencyRules rules;

  // Written under the lock. A reader takes the average first and its time then. When it meets a
  // writer in between it sees the old average too young, for one pick.
  private volatile double averageNanos; // 0 while there is no history
  private volatile long measuredAtNanos;
  private volatile long oldestStartNanos = NOTHING_OPEN;

  private double beforeFailureNanos = NO_FAILURE; // the average then; under the lock
  private @Nullable TimedAttempt oldest; // under the lock; the others follow by their age
  private @Nullable TimedAttempt newest; // under the lock

  Latency(LatencyRules rules, LoadHistory past) {
    this.rules = rules;
    this.averageNanos = past.latencyNanos();
    this.measuredAtNanos = past.measuredAtNanos();
  }

  /**
   * The average, as it has decayed until {@code nowNanos}; 0 when there is none any more. Less than
   * 1 % off, which is enough to compare endpoints and a few times cheaper.
   */
  public double averageNanos(long nowNanos) {
    double average = averageNanos;
    double halvings = (nowNanos - measuredAtNanos) * rules.halvingsPerNano();
    if (halvings < YOUNG_HALVINGS) {
      return average;
    }
    return halvings > MEMORY_HALVINGS ? 0 : average * powerOfHalf(halvings);
  }

  /**
   * How long the oldest open call has been waiting for its answer; 0 when none is open. Unary calls
   * alone are watched, and only where an interceptor tells of the end of calls: a stream may be
   * silent by nature.
   */
  public long oldestOpenNanos(long nowNanos) {
    long start = oldestStartNanos;
    return start == NOTHING_OPEN ? 0 : Math.max(0, nowNanos - start);
  }

  LatencyRules rules() {
    return rules;
  }

  CallClock clock() {
    return rules.clock();
  }

  /** What is worth keeping beyond this object. */
  synchronized LoadHistory history(long failures) {
    return new LoadHistory(averageNanos, measuredAtNanos, failures);
  }

  /** Watches the age of {@code attempt}, which has just started. */
  synchronized void open(TimedAttempt attempt) {
    attempt.older = newest;
    if (newest == null) {
      oldest = attempt;
      oldestStartNanos = attempt.startNanos;
    } else {
      newest.newer = attempt;
    }
    newest = attempt;
    attempt.open = true;
  }

  /** {@code attempt} is not waiting any more. */
  synchronized void close(TimedAttempt attempt) {
    if (!attempt.open) {
      return;
    }
    attempt.open = false;
    TimedAttempt older = attempt.older;
    TimedAttempt newer = attempt.newer;
    attempt.older = null;
    attempt.newer = null;
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      oldest = newer;
      oldestStartNanos = newer == null ? NOTHING_OPEN : newer.startNanos;
    } else {
      older.newer = newer;
    }
  }

  /** The connection is gone: nobody will answer what is open. */
  synchronized void closeAll() {
    for (TimedAttempt attempt = oldest; attempt != null; attempt = oldest) {
      close(attempt);
    }
  }

  /** Takes in that a call has ended after {@code elapsedNanos}. */
  synchronized void add(Outcome outcome, long elapsedNanos, long nowNanos) {
    double elapsed = Math.max(1, (double) elapsedNanos); // 0 would mean that nothing is known
    if (outcome == Outcome.ANSWERED) {
      beforeFailureNanos = NO_FAILURE;
    } else if (outcome.isFailure() && beforeFailureNanos == NO_FAILURE) {
      beforeFailureNanos = averageNanos(nowNanos);
    }
    switch (outcome) {
      case ANSWERED -> sample(elapsed, nowNanos);
      case FAILED -> sample(Math.max(elapsed, (double) rules.penaltyNanos()), nowNanos);
      case LATE, REJECTED -> sampleAtLeast(elapsed, nowNanos);
      case ABANDONED -> {}
    }
  }

  /**
   * Goes back to the average from before the endpoint began to fail, if it has not answered since.
   * It is neither avoided then nor preferred to what it was.
   */
  synchronized void forgiveFailures() {
    if (beforeFailureNanos != NO_FAILURE) {
      set(beforeFailureNanos, rules.clock().readNanos());
      beforeFailureNanos = NO_FAILURE;
    }
  }

  /** Knows of no answer any more. What is open stays so. */
  synchronized void forget() {
    beforeFailureNanos = NO_FAILURE;
    set(0, rules.clock().readNanos());
  }

  private void sample(double nanos, long nowNanos) {
    double average = averageNanos;
    long age = nowNanos - measuredAtNanos;
    if (nanos >= average) {
      set(nanos, nowNanos);
    } else if (age > 0) {
      double weight = decayOver(age);
      set(average * weight + nanos * (1 - weight), nowNanos);
    }
  }

  private void sampleAtLeast(double nanos, long nowNanos) {
    if (nanos > averageNanos(nowNanos)) {
      sample(nanos, nowNanos);
    }
  }

  private void set(double nanos, long nowNanos) {
    measuredAtNanos = nowNanos;
    averageNanos = nanos;
  }

  /**
   * {@code 0.5} to the power of {@code exponent}, from 0 to 1000. The whole part goes where a
   * double keeps its exponent; for the rest there is a parabola that is right at both ends and less
   * than 0.3 % off between.
   */
  private static double powerOfHalf(double exponent) {
    int whole = (int) exponent;
    double rest = exponent - whole;
    double scale = Double.longBitsToDouble((long) (Double.MAX_EXPONENT - whole) << MANTISSA_BITS);
    return scale * (1 - rest * (0.67 - 0.17 * rest));
  }

  private double decayOver(long nanos) {
    return Math.exp(-(double) nanos / rules.decayNanos());
  }
}
