package io.evenkeel.balancer;

import io.evenkeel.config.ConfigReader;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How many connections an endpoint has, and how old they get.
 *
 * @param maxPerEndpoint 1 to 100, 4 by default; more than one is made only where a connection takes
 *     no more streams
 * @param maxStreams how many calls a connection takes at once, as the server's
 *     MAX_CONCURRENT_STREAMS says, 1 to 1,000,000; {@link #ANY_NUMBER} unless configured, and then
 *     it is learnt
 * @param maxAge before it is older, by up to a tenth, a connection is replaced by a new one; 1 s to
 *     24 h, never unless configured
 */
record ConnectionsConfig(int maxPerEndpoint, int maxStreams, Optional<Duration> maxAge) {
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  static final ConnectionsConfig DEFAULT = new ConnectionsConfig(4, ANY_NUMBER, Optional.empty());

  /** Connections that were made together are not to be replaced together. */
  private static final double JITTER = 0.1;

  private static final int MOST_STREAMS = 1_000_000;
  private static final int MOST_CONNECTIONS = 100;

  static ConnectionsConfig parse(ConfigReader evenkeel) {
    ConfigReader connections = evenkeel.object("connections");
    if (!evenkeel.fieldNames().contains("connections")) {
      return DEFAULT;
    }
    boolean bounded = connections.fieldNames().contains("maxStreams");
    boolean aging = connections.fieldNames().contains("maxAge");
    int maxPerEndpoint =
        connections.intValue("maxPerEndpoint", DEFAULT.maxPerEndpoint, 1, MOST_CONNECTIONS);
    int maxStreams = connections.intValue("maxStreams", MOST_STREAMS, 1, MOST_STREAMS);
    Duration maxAge =
        connections.durationValue(
            "maxAge", Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofHours(24));
    return new ConnectionsConfig(
        maxPerEndpoint,
        bounded ? maxStreams : ANY_NUMBER,
        aging ? Optional.of(maxAge) : Optional.empty());
  }

  /** How old a connection may get that is made now; 0 where that does not matter. */
  long ageNanos(RandomGenerator random) {
    return maxAge
        .map(age -> (long) (age.toNanos() * (1 - JITTER * random.nextDouble())))
        .orElse(0L);
  }

  /** How long a connection goes on whose successor is late or fails. */
  long retryNanos() {
    return maxAge.map(age -> (long) (age.toNanos() * JITTER)).orElse(0L);
  }

  /** Whether connections have to be told apart from the beginning. */
  boolean counts() {
    return bounded() || maxAge.isPresent();
  }

  /** Whether the streams of a connection are bounded by configuration. */
  boolean bounded() {
    return maxStreams != ANY_NUMBER;
  }
}
