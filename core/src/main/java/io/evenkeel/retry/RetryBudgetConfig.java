package io.evenkeel.retry;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;

/**
 * How many further attempts a channel may make.
 *
 * @param percent of the calls of the last ten seconds, 0 to 1000, 20 by default
 * @param minPerSecond as many are allowed however few calls there are, so that a quiet client may
 *     retry too; 0 to 1,000,000, 10 by default
 */
public record RetryBudgetConfig(int percent, int minPerSecond) {

  /**
   * Reads {@code retryBudget} of the {@code evenkeel} object.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static RetryBudgetConfig parse(ConfigReader evenkeel) {
    ConfigReader budget = evenkeel.object("retryBudget");
    return new RetryBudgetConfig(
        budget.intValue("percent", 20, 0, 1000), budget.intValue("minPerSecond", 10, 0, 1_000_000));
  }
}
