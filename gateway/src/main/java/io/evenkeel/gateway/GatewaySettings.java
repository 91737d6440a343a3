package io.evenkeel.gateway;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link GatewayBuilder} was told; its setters say what each value means.
 *
 * @param forwardedHeaders names of request headers that become metadata, in lower case
 * @param accessLog null: none is kept
 */
record GatewaySettings(
    Address address,
    Deadlines deadlines,
    Limits limits,
    Drain drain,
    Set<String> forwardedHeaders,
    @Nullable Consumer<AccessLogEntry> accessLog) {

  /** Where to listen; a null host is every address of the machine, port 0 a free one. */
  record Address(@Nullable String host, int port) {
    @Override
    public String toString() {
      return (host == null ? "*" : host) + ":" + port;
    }
  }

  /** How long an upstream call may take when its client says nothing, and when it says a lot. */
  record Deadlines(long defaultNanos, long maxNanos) {}

  /** What one client may cost. */
  record Limits(
      int maxBodyBytes,
      Duration requestTimeout,
      Duration idleTimeout,
      int connections,
      Duration connectionAge) {}

  /** How long the end takes: not ready but serving, then finishing what is in flight. */
  record Drain(Duration delay, Duration timeout) {}
}
