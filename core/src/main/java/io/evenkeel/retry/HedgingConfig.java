package io.evenkeel.retry;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.util.Optional;

/**
 * When a call is slow enough to be hedged.
 *
 * @param percentile a hedge starts no sooner than so many percent of the answers of late have
 *     taken, 50 to 99.9, 95 by default
 */
public record HedgingConfig(double percentile) {

  /**
   * Reads {@code hedging} of the {@code evenkeel} object; empty when it is not there.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static Optional<HedgingConfig> parse(ConfigReader evenkeel) {
    boolean wanted = evenkeel.fieldNames().contains("hedging");
    double percentile = evenkeel.object("hedging").doubleValue("percentile", 95, 50, 99.9);
    return wanted ? Optional.of(new HedgingConfig(percentile)) : Optional.empty();
  }
}
