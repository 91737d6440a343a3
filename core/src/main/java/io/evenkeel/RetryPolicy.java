package io.evenkeel;

import io.grpc.Status;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * When a failed call is tried again, as gRFC A6 has it.
 *
 * <p>A retried call may run twice on the server. Turn retries on for methods that can bear that.
 *
 * @param maxAttempts the first try included, 2 to 5
 * @param initialBackoff mean wait before the first retry; longer than zero
 * @param maxBackoff bound on the wait; longer than zero
 * @param backoffMultiplier growth of the wait from retry to retry; more than zero
 * @param retryOn the statuses that are tried again; never empty
 * @see <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md">gRFC A6</a>
 */
public record RetryPolicy(
    int maxAttempts,
    Duration initialBackoff,
    Duration maxBackoff,
    double backoffMultiplier,
    Set<Status.Code> retryOn) {

  /** gRPC caps attempts at this number, whatever a config says. */
  private static final int MOST_ATTEMPTS = 5;

  public RetryPolicy {
    retryOn = Set.copyOf(retryOn);
    if (maxAttempts < 2 || maxAttempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "maxAttempts: " + maxAttempts + " (expected: 2.." + MOST_ATTEMPTS + ")");
    }
    requirePositive("initialBackoff", initialBackoff);
    requirePositive("maxBackoff", maxBackoff);
    if (!(backoffMultiplier > 0)) {
      throw new IllegalArgumentException(
          "backoffMultiplier: " + backoffMultiplier + " (expected: more than 0)");
    }
    if (retryOn.isEmpty() || retryOn.contains(Status.Code.OK)) {
      throw new IllegalArgumentException(
          "retryOn: " + retryOn + " (expected: at least one status, none of them OK)");
    }
  }

  /**
   * Up to {@code maxAttempts} attempts for UNAVAILABLE, 50 ms apart and growing twofold up to one
   * second.
   */
  public static RetryPolicy onUnavailable(int maxAttempts) {
    return new RetryPolicy(
        maxAttempts,
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        2,
        EnumSet.of(Status.Code.UNAVAILABLE));
  }

  /** The {@code retryPolicy} object of a service config. */
  Map<String, Object> toServiceConfig() {
    List<String> codes = retryOn.stream().map(Enum::name).sorted().toList();
    return Map.of(
        "maxAttempts",
        (double) maxAttempts,
        "initialBackoff",
        seconds(initialBackoff),
        "maxBackoff",
        seconds(maxBackoff),
        "backoffMultiplier",
        backoffMultiplier,
        "retryableStatusCodes",
        codes);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: longer than zero)");
    }
  }

  private static String seconds(Duration duration) {
    // Some locales have digits of their own, which JSON has not.
    return String.format(Locale.ROOT, "%d.%09ds", duration.getSeconds(), duration.getNano());
  }
}
