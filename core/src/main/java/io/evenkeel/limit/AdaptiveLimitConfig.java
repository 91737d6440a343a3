package io.evenkeel.limit;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How the limit of calls in flight on an endpoint is learnt.
 *
 * @param algorithm {@code gradient} by default
 * @param initial the limit before anything is known, {@code min} to {@code max}, 20 by default
 * @param min the smallest limit, 1 to 1,000,000, 1 by default
 * @param max the largest limit, {@code min} to 1,000,000, 1000 by default; the only bound that
 *     holds where a server never refuses a call and clients always have as many as they may
 */
public record AdaptiveLimitConfig(Algorithm algorithm, int initial, int min, int max) {
  private static final int MOST = 1_000_000;

  /** How a window of answers moves the limit. */
  public enum Algorithm {
    /**
     * By the gradient between the latency of late and that of the long run. Finds a good limit
     * where latencies vary by nature.
     */
    GRADIENT,
    /** Up by one, down by a tenth when calls are dropped. For servers that shed load themselves. */
    AIMD,
    /** By the estimated queue: what latency has above the lowest ever. For steady latencies. */
    VEGAS
  }

  /**
   * Reads {@code adaptiveLimit} of the {@code evenkeel} object; empty when it is not there.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static Optional<AdaptiveLimitConfig> parse(ConfigReader evenkeel) {
    boolean wanted = evenkeel.fieldNames().contains("adaptiveLimit");
    ConfigReader limit = evenkeel.object("adaptiveLimit");
    return wanted ? Optional.of(read(limit)) : Optional.empty();
  }

  private static AdaptiveLimitConfig read(ConfigReader limit) {
    Algorithm algorithm = algorithm(limit);
    int min = limit.intValue("min", 1, 1, MOST);
    int max = limit.intValue("max", Math.max(min, 1000), min, MOST);
    int initial = limit.intValue("initial", Math.min(max, Math.max(min, 20)), min, max);
    return new AdaptiveLimitConfig(algorithm, initial, min, max);
  }

  private static Algorithm algorithm(ConfigReader limit) {
    String name = limit.stringValue("algorithm", "gradient");
    return Arrays.stream(Algorithm.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> limit.wrong("algorithm", name, "gradient, aimd or vegas"));
  }
}
