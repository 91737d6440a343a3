package io.evenkeel.load;

import java.util.function.LongSupplier;

/**
 * How latency is measured. Equal rules share their measurements.
 *
 * @param nanoTime the clock, as {@link System#nanoTime}
 * @param decayNanos after this time without news a measurement has lost 63 % of its height; more
 *     than zero
 * @param penaltyNanos what a failed call counts as when it has failed faster
 */
public record LatencyRules(LongSupplier nanoTime, long decayNanos, long penaltyNanos) {}
