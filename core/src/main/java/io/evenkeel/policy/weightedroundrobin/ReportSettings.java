package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.config.ConfigReader;
import java.time.Duration;

/**
 * How reported load is used, with the names and defaults of gRFC A58.
 *
 * @param source whether and from where reports are taken
 * @param streamInterval how often endpoints report on a stream
 * @param blackout how long reports must have come before they count
 * @param expiration how long the last report counts
 * @param update how long a report may wait until it counts
 * @param errorPenalty the part of an endpoint that one error per call counts as
 */
record ReportSettings(
    Source source,
    Duration streamInterval,
    Duration blackout,
    Duration expiration,
    Duration update,
    double errorPenalty) {

  private static final Duration MAX = Duration.ofHours(1);
  private static final double MAX_PENALTY = 1000;

  /** Whether and from where reports are taken. */
  enum Source {
    NONE,
    TRAILERS,
    STREAM
  }

  static ReportSettings read(ConfigReader config) {
    return new ReportSettings(
        source(config),
        config.durationValue(
            "oobReportingPeriod", Duration.ofSeconds(10), Duration.ofMillis(100), MAX),
        config.durationValue("blackoutPeriod", Duration.ofSeconds(10), Duration.ZERO, MAX),
        config.durationValue(
            "weightExpirationPeriod", Duration.ofMinutes(3), Duration.ofSeconds(1), MAX),
        config.durationValue(
            "weightUpdatePeriod", Duration.ofSeconds(1), Duration.ofMillis(100), MAX),
        config.doubleValue("errorUtilizationPenalty", 1, 0, MAX_PENALTY));
  }

  private static Source source(ConfigReader config) {
    boolean stream = config.booleanValue("enableOobLoadReport", false);
    if (!config.booleanValue("useReportedLoad", true)) {
      return Source.NONE;
    }
    return stream ? Source.STREAM : Source.TRAILERS;
  }
}
