package io.evenkeel.policy;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a policy takes from outside, so that tests and simulations can script it.
 *
 * @param random chance; safe to use from any thread
 * @param nanoTime the clock, as {@link System#nanoTime}
 */
public record PolicyContext(RandomGenerator random, LongSupplier nanoTime) {}
