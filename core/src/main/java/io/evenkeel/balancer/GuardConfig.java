package io.evenkeel.balancer;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.config.LostConnectionRetries;
import io.evenkeel.limit.AdaptiveLimitConfig;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.outlier.OutlierConfig;
import io.evenkeel.retry.HedgingConfig;
import io.evenkeel.retry.RetryBudgetConfig;
import java.util.Optional;

/**
 * What protects endpoints and calls around the policy.
 *
 * @param outlier who is ejected for failing; nobody unless configured
 * @param maxInFlight how many calls an endpoint may have in flight, 1 to 1,000,000; {@link
 *     EndpointLoad#UNLIMITED} unless configured
 * @param adaptiveLimit how a lower limit is learnt; not at all unless configured
 * @param connections how many connections an endpoint has, and how old they get
 * @param retryBudget what retries and hedges may add
 * @param retriesOnlyLost whether an attempt that ends as UNKNOWN may be retried only if that means
 *     a lost connection
 * @param hedging when a call is slow enough to be hedged; gRPC's own delay alone unless configured
 */
record GuardConfig(
    Optional<OutlierConfig> outlier,
    int maxInFlight,
    Optional<AdaptiveLimitConfig> adaptiveLimit,
    ConnectionsConfig connections,
    RetryBudgetConfig retryBudget,
    boolean retriesOnlyLost,
    Optional<HedgingConfig> hedging) {

  private static final String MAX_IN_FLIGHT = "maxInFlightPerEndpoint";
  private static final int MOST_IN_FLIGHT = 1_000_000;

  static GuardConfig parse(ConfigReader evenkeel) {
    boolean limited = evenkeel.fieldNames().contains(MAX_IN_FLIGHT);
    int maxInFlight = evenkeel.intValue(MAX_IN_FLIGHT, MOST_IN_FLIGHT, 1, MOST_IN_FLIGHT);
    return new GuardConfig(
        OutlierConfig.parse(evenkeel),
        limited ? maxInFlight : EndpointLoad.UNLIMITED,
        AdaptiveLimitConfig.parse(evenkeel),
        ConnectionsConfig.parse(evenkeel),
        RetryBudgetConfig.parse(evenkeel),
        evenkeel.booleanValue(LostConnectionRetries.FIELD, false),
        HedgingConfig.parse(evenkeel));
  }

  /** Whether the ends of attempts have to be looked at. */
  boolean observes() {
    return outlier.isPresent() || hedging.isPresent() || adaptiveLimit.isPresent();
  }

  /** Whether an endpoint may ever have a limit of calls in flight. */
  boolean limits() {
    return maxInFlight != EndpointLoad.UNLIMITED
        || adaptiveLimit.isPresent()
        || connections.bounded()
        || outlier.isPresent(); // on probation
  }

  /** Whether attempts have to be timed. */
  boolean times() {
    return hedging.isPresent()
        || adaptiveLimit.isPresent()
        || outlier.flatMap(OutlierConfig::latency).isPresent();
  }
}
