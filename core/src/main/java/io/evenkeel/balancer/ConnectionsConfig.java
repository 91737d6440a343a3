package io.evenkeel.balancer;

import io.evenkeel.config.ConfigReader;
import java.time.Duration;
import java.util.Optional;

/**
 * How many connections an endpoint has, and how old they get.
 *
 * @param maxPerEndpoint 1 to 100, 4 by default; more than one is made only where {@code maxStreams}
 *     is reached
 * @param maxStreams how many calls a connection takes at once, as the server's
 *     MAX_CONCURRENT_STREAMS says, 1 to 1,000,000; {@link #ANY_NUMBER} unless configured
 * @param maxAge after this time, give or take a tenth, a connection is replaced by a new one; 1 s
 *     to 24 h, never unless configured
 */
record ConnectionsConfig(int maxPerEndpoint, int maxStreams, Optional<Duration> maxAge) {
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  private static final int MOST_STREAMS = 1_000_000;

  static ConnectionsConfig parse(ConfigReader evenkeel) {
    ConfigReader connections = evenkeel.object("connections");
    boolean bounded = connections.fieldNames().contains("maxStreams");
    boolean aging = connections.fieldNames().contains("maxAge");
    int maxPerEndpoint = connections.intValue("maxPerEndpoint", 4, 1, 100);
    int maxStreams = connections.intValue("maxStreams", MOST_STREAMS, 1, MOST_STREAMS);
    Duration maxAge =
        connections.durationValue(
            "maxAge", Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofHours(24));
    return new ConnectionsConfig(
        maxPerEndpoint,
        bounded ? maxStreams : ANY_NUMBER,
        aging ? Optional.of(maxAge) : Optional.empty());
  }

  /** Whether connections have to be told apart. */
  boolean counts() {
    return maxStreams != ANY_NUMBER || maxAge.isPresent();
  }
}
