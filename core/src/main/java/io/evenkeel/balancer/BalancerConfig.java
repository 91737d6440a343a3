package io.evenkeel.balancer;

import io.evenkeel.backoff.Backoff;
import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.locality.LocalityConfig;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.slowstart.SlowStart;
import io.evenkeel.subset.SubsetConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code evenkeel} object of a service config, read.
 *
 * @param policy who chooses; {@code round_robin} by default
 * @param healthTimeout how long an endpoint's health service may take for its first answer, 10 ms
 *     to 10 min, 5 s by default
 * @param maxConcurrentConnects how many connections are made at the same time, 1 to 100,000, 100 by
 *     default
 * @param maxBackoff the longest wait before an endpoint that could not be connected is tried again,
 *     1 s to 10 min, 20 s by default
 * @param locality how calls are split among priorities and zones, and when a group panics
 * @param guards what protects endpoints and calls around the policy
 * @param subset to which endpoints the client connects; to all unless configured
 * @param slowStart how new endpoints warm up; not at all unless configured
 */
record BalancerConfig(
    PolicyChoice policy,
    Duration healthTimeout,
    int maxConcurrentConnects,
    Duration maxBackoff,
    LocalityConfig locality,
    GuardConfig guards,
    Optional<SubsetConfig> subset,
    Optional<SlowStart> slowStart) {

  /**
   * Enough for 10,000 endpoints within half a minute when a handshake takes 0.3 s, and few enough
   * that the first one does not wait for the processor behind all the others.
   */
  static final int DEFAULT_CONNECTS = 100;

  /** gRPC's own bound of two minutes lets an endpoint that is back go unused for so long. */
  static final Duration DEFAULT_MAX_BACKOFF = Duration.ofSeconds(20);

  /** What {@code "evenkeel": {}} means. */
  static final BalancerConfig DEFAULT = parse(Map.of());

  private static final String DEFAULT_POLICY = "round_robin";
  private static final int MOST_CONNECTS = 100_000;

  /**
   * Reads the object.
   *
   * @throws ConfigException naming the field that is wrong
   */
  static BalancerConfig parse(Map<String, ?> json) {
    ConfigReader config = new ConfigReader("evenkeel", json);
    PolicyChoice policy = policy(config.object("policy"));
    Duration healthTimeout =
        config
            .object("health")
            .durationValue(
                "timeout", Duration.ofSeconds(5), Duration.ofMillis(10), Duration.ofMinutes(10));
    ConfigReader connect = config.object("connect");
    int maxConcurrentConnects =
        connect.intValue("maxConcurrent", DEFAULT_CONNECTS, 1, MOST_CONNECTS);
    Duration maxBackoff =
        connect.durationValue(
            "maxBackoff", DEFAULT_MAX_BACKOFF, Backoff.FIRST, Duration.ofMinutes(10));
    LocalityConfig locality = LocalityConfig.parse(config);
    GuardConfig guards = GuardConfig.parse(config);
    Optional<SubsetConfig> subset = SubsetConfig.parse(config);
    Optional<SlowStart> slowStart = SlowStart.parse(config);
    config.rejectUnknownFields();
    return new BalancerConfig(
        policy,
        healthTimeout,
        maxConcurrentConnects,
        maxBackoff,
        locality,
        guards,
        subset,
        slowStart);
  }

  private static PolicyChoice policy(ConfigReader config) {
    List<String> names = config.fieldNames();
    if (names.size() > 1) {
      throw new ConfigException(
          config.path() + ": " + String.join(", ", names) + " (expected: one policy)");
    }
    String name = names.isEmpty() ? DEFAULT_POLICY : names.get(0);
    PolicyProvider provider =
        PolicyCatalog.find(name).orElseThrow(() -> unknownPolicy(config, name));
    ConfigReader settings = config.object(name);
    return new PolicyChoice(name, settings.raw(), provider.configure(settings));
  }

  private static ConfigException unknownPolicy(ConfigReader config, String name) {
    String hint =
        name.equals("pick_first")
            ? "(it is grpc-java's own: write {\"pick_first\": {}} in place of the evenkeel object)"
            : PolicyCatalog.hint(name);
    return new ConfigException(config.path() + ": unknown policy \"" + name + "\" " + hint);
  }
}
