package io.evenkeel.discovery.consul;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps the loop of a blocking query from spinning: on average one turn per {@link #INTERVAL}, but
 * {@link #BURST} at once after a rest, so that a change which comes alone is seen without delay and
 * a service that changes all the time costs one question a second.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/features/blocking">Consul's rules
 *     for clients, under "rate limit"</a>
 */
final class LoopLimit {
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** What Consul's rules propose. */
  static final int BURST = 2;

  private final LongSupplier ticker;
  private boolean used;
  private long paidUntilNanos; // each turn pays for one interval

  LoopLimit(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Takes the next turn. */
  long waitNanos() {
    long now = ticker.getAsLong();
    if (!used || paidUntilNanos - now < 0) {
      used = true;
      paidUntilNanos = now;
    }
    long wait = paidUntilNanos - now - (BURST - 1) * INTERVAL.toNanos();
    paidUntilNanos += INTERVAL.toNanos();
    return Math.max(0, wait);
  }
}
