package io.evenkeel.load;

/**
 * How latency is measured. Equal rules share their measurements.
 *
 * @param clock the clock that calls read
 * @param decayNanos after this time without news a measurement has lost 63 % of its height; more
 *     than zero
 * @param penaltyNanos what a failed call counts as when it has failed faster
 * @param halvingsPerNano how often a measurement loses half of its height per nanosecond, which
 *     follows from the decay
 */
public record LatencyRules(
    CallClock clock, long decayNanos, long penaltyNanos, double halvingsPerNano) {

  /** Rules of which everything is said. */
  public LatencyRules(CallClock clock, long decayNanos, long penaltyNanos) {
    this(clock, decayNanos, penaltyNanos, 1 / (Math.log(2) * decayNanos));
  }
}
