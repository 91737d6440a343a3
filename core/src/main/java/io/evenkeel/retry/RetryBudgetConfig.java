package io.evenkeel.retry;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.time.Duration;

/**
 * How many further attempts a channel may make.
 *
 * @param percent of the calls, 0 to 1000, 20 by default
 * @param minPerSecond as many are allowed however few calls there are, so that a quiet client may
 *     retry too; 0 to 1,000,000, 10 by default
 * @param window what this long has allowed may be spent at once, 1 s to 60 s, 1 s by default; a
 *     longer one lets more calls be tried again that an endpoint fails at once, and an outage begin
 *     with more further attempts
 */
public record RetryBudgetConfig(int percent, int minPerSecond, Duration window) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /**
   * Reads {@code retryBudget} of the {@code evenkeel} object.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static RetryBudgetConfig parse(ConfigReader evenkeel) {
    ConfigReader budget = evenkeel.object("retryBudget");
    return new RetryBudgetConfig(
        budget.intValue("percent", 20, 0, 1000),
        budget.intValue("minPerSecond", 10, 0, 1_000_000),
        budget.durationValue("window", SHORTEST, SHORTEST, LONGEST));
  }
}
