package io.evenkeel.policy;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a policy takes from outside, so that tests and simulations can script it.
 *
 * @param random chance; safe to use from any thread
 * @param nanoTime the clock, as {@link System#nanoTime}
 * @param timer for what must happen without a call; whatever is scheduled must be cancelled in
 *     {@link Policy#close}
 */
public record PolicyContext(RandomGenerator random, LongSupplier nanoTime, PolicyTimer timer) {

  /** A context for a policy that needs no timer. */
  public PolicyContext(RandomGenerator random, LongSupplier nanoTime) {
    this(
        random,
        nanoTime,
        (task, delayNanos) -> {
          throw new UnsupportedOperationException("this context has no timer");
        });
  }
}
