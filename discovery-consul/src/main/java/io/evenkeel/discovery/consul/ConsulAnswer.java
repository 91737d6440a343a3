package io.evenkeel.discovery.consul;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What an agent answered.
 *
 * @param index {@code X-Consul-Index}; 0 where it is missing or no number
 * @param retryAfter how long it asks to be left alone; zero where it does not
 */
record ConsulAnswer(int status, long index, Duration retryAfter, String body) {
  private static final int OK = 200;

  private static final int SHOWN = 200;

  static ConsulAnswer of(int status, HttpHeaders headers, byte[] body) {
    return new ConsulAnswer(
        status,
        number(headers, "X-Consul-Index"),
        Duration.ofSeconds(number(headers, "Retry-After")),
        new String(body, StandardCharsets.UTF_8));
  }

  /** A date, which HTTP also allows for {@code Retry-After}, counts as none. */
  private static long number(HttpHeaders headers, String name) {
    try {
      return Math.max(0, headers.firstValueAsLong(name).orElse(0));
    } catch (NumberFormatException notOne) {
      return 0;
    }
  }

  boolean isOk() {
    return status == OK;
  }

  /** The beginning of its text, for messages. */
  String text() {
    String line = body.strip().replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
