package io.evenkeel.outlier;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.grpc.Status;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When an endpoint is taken out of use because of its results, and for how long. Fields and
 * defaults are those of gRFC A50; consecutive failures and latency are beyond it.
 *
 * @param interval how often the rates of endpoints are compared, and within what time one that
 *     fails all calls has failed often enough in a row, 10 ms to 10 min, 10 s by default
 * @param baseEjectionTime how long the first ejection lasts, 10 ms to 1 h, 30 s by default; each
 *     that follows soon is longer by as much
 * @param maxEjectionTime how long an ejection lasts at most, jitter included, 10 ms to 1 h, 300 s
 *     by default; the base ejection time instead where that is longer
 * @param maxEjectionPercent how many of the endpoints may be ejected or on probation at once: none
 *     is ejected while so many are; 0 to 100, 10 by default. Above 0 it always allows one
 * @param jitterPercent by how much ejection times vary at random, so that endpoints that were
 *     ejected together do not all come back together; 0 to 50, 10 by default
 * @param consecutiveFailures ejects at so many failures in a row, at once; 0 for never, 5 by
 *     default
 * @param successRate compares success rates; empty unless configured
 * @param failurePercentage looks at the failures of each; empty unless configured
 * @param latency compares latencies; empty unless configured
 * @param failureStatuses which statuses are the endpoint's failures; UNAVAILABLE, INTERNAL,
 *     DEADLINE_EXCEEDED, and UNKNOWN where it comes from the transport, by default
 * @see <a href="https://github.com/grpc/proposal/blob/master/A50-xds-outlier-detection.md">gRFC
 *     A50</a>
 */
public record OutlierConfig(
    Duration interval,
    Duration baseEjectionTime,
    Duration maxEjectionTime,
    int maxEjectionPercent,
    int jitterPercent,
    int consecutiveFailures,
    Optional<SuccessRate> successRate,
    Optional<FailurePercentage> failurePercentage,
    Optional<LatencyFactor> latency,
    Set<Status.Code> failureStatuses) {

  private static final Duration MIN_TIME = Duration.ofMillis(10);
  private static final Duration MAX_INTERVAL = Duration.ofMinutes(10);
  private static final Duration MAX_EJECTION = Duration.ofHours(1);
  private static final int MANY = 1_000_000;
  private static final Set<Status.Code> DEFAULT_FAILURES =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.UNKNOWN,
          Status.Code.INTERNAL,
          Status.Code.DEADLINE_EXCEEDED);

  /**
   * Whose rate has to be how far below the others. It has to be further below them than chance
   * explains, too, which gRFC A50 does not ask: the fewer calls, the further.
   *
   * @param stdevFactor thousandths of a standard deviation below the mean, 0 to 1,000,000, 1900 by
   *     default
   * @param enforcementPercent how likely it is that an outlier is ejected, 0 to 100, 100 by default
   * @param minimumHosts fewer endpoints with enough calls are not compared, 0 or more, 5 by default
   * @param requestVolume endpoints with fewer calls in an interval are not compared, 100 by default
   */
  public record SuccessRate(
      int stdevFactor, int enforcementPercent, int minimumHosts, int requestVolume) {}

  /**
   * How many of its calls an endpoint may fail.
   *
   * @param threshold percent of its calls, 0 to 100, 85 by default; more are too many
   * @param enforcementPercent how likely it is that an outlier is ejected, 0 to 100, 100 by default
   * @param minimumHosts fewer endpoints with enough calls are left alone, 5 by default
   * @param requestVolume endpoints with fewer calls in an interval are left alone, 50 by default
   */
  public record FailurePercentage(
      int threshold, int enforcementPercent, int minimumHosts, int requestVolume) {}

  /**
   * How much slower than the others an endpoint may be.
   *
   * @param factor times the median of the mean latencies, 1.1 to 1000, 3 by default
   * @param enforcementPercent how likely it is that an outlier is ejected, 0 to 100, 100 by default
   * @param minimumHosts fewer endpoints with enough calls are not compared, 5 by default
   * @param requestVolume endpoints with fewer good calls in an interval are not compared, 20 by
   *     default
   */
  public record LatencyFactor(
      double factor, int enforcementPercent, int minimumHosts, int requestVolume) {}

  public OutlierConfig {
    failureStatuses = Set.copyOf(failureStatuses);
  }

  /**
   * Reads {@code outlier} of the {@code evenkeel} object; empty when it is not there.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static Optional<OutlierConfig> parse(ConfigReader evenkeel) {
    boolean wanted = evenkeel.fieldNames().contains("outlier");
    ConfigReader outlier = evenkeel.object("outlier");
    return wanted ? Optional.of(read(outlier)) : Optional.empty();
  }

  private static OutlierConfig read(ConfigReader outlier) {
    return new OutlierConfig(
        outlier.durationValue("interval", Duration.ofSeconds(10), MIN_TIME, MAX_INTERVAL),
        outlier.durationValue("baseEjectionTime", Duration.ofSeconds(30), MIN_TIME, MAX_EJECTION),
        outlier.durationValue("maxEjectionTime", Duration.ofSeconds(300), MIN_TIME, MAX_EJECTION),
        outlier.intValue("maxEjectionPercent", 10, 0, 100),
        outlier.intValue("jitterPercent", 10, 0, 50),
        outlier.intValue("consecutiveFailures", 5, 0, MANY),
        ifThere(outlier, "successRate")
            .map(
                rate ->
                    new SuccessRate(
                        rate.intValue("stdevFactor", 1900, 0, MANY),
                        enforcement(rate),
                        rate.intValue("minimumHosts", 5, 0, MANY),
                        rate.intValue("requestVolume", 100, 0, MANY))),
        ifThere(outlier, "failurePercentage")
            .map(
                rate ->
                    new FailurePercentage(
                        rate.intValue("threshold", 85, 0, 100),
                        enforcement(rate),
                        rate.intValue("minimumHosts", 5, 0, MANY),
                        rate.intValue("requestVolume", 50, 0, MANY))),
        ifThere(outlier, "latency")
            .map(
                rate ->
                    new LatencyFactor(
                        rate.doubleValue("factor", 3, 1.1, 1000),
                        enforcement(rate),
                        rate.intValue("minimumHosts", 5, 0, MANY),
                        rate.intValue("requestVolume", 20, 0, MANY))),
        statuses(outlier));
  }

  private static Optional<ConfigReader> ifThere(ConfigReader outlier, String field) {
    boolean there = outlier.fieldNames().contains(field);
    ConfigReader reader = outlier.object(field);
    return there ? Optional.of(reader) : Optional.empty();
  }

  private static int enforcement(ConfigReader rate) {
    return rate.intValue("enforcementPercentage", 100, 0, 100);
  }

  private static Set<Status.Code> statuses(ConfigReader outlier) {
    if (!outlier.fieldNames().contains("failureStatuses")) {
      return DEFAULT_FAILURES;
    }
    List<String> names = outlier.stringList("failureStatuses");
    Set<Status.Code> statuses = EnumSet.noneOf(Status.Code.class);
    for (String name : names) {
      statuses.add(status(outlier, name));
    }
    return statuses;
  }

  private static Status.Code status(ConfigReader outlier, String name) {
    if (name.equals("OK") || name.equals("CANCELLED")) {
      throw outlier.wrong("failureStatuses", name, "a status that can be an endpoint's fault");
    }
    try {
      return Status.Code.valueOf(name);
    } catch (IllegalArgumentException unknown) {
      throw outlier.wrong("failureStatuses", name, "the name of a gRPC status, as UNAVAILABLE");
    }
  }
}
