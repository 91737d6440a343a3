package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of one instance's file.
 *
 * @param endpoint null in a file that says the instance was deregistered
 * @param ttl how long the instance counts after its last heartbeat
 * @param owner the registrar that renews it, empty in a file written by hand
 * @param problem what was ignored, or empty
 */
record InstanceFile(@Nullable Endpoint endpoint, Duration ttl, String owner, String problem) {
  /** TTL of a file that states none. */
  static final Duration DEFAULT_TTL = Duration.ofSeconds(6);

  /** A shorter lease would end by a pause of the garbage collector. */
  static final Duration MIN_TTL = Duration.ofSeconds(1);

  /** A longer lease would be none. */
  static final Duration MAX_TTL = Duration.ofHours(1);

  /** An instance that {@code owner} keeps. */
  static InstanceFile of(Endpoint endpoint, Duration ttl, String owner) {
    return new InstanceFile(endpoint, ttl, owner, "");
  }

  /** Tells whoever renews the file to stop; lies there until it is swept. */
  static InstanceFile deregistered() {
    return new InstanceFile(null, DEFAULT_TTL, "", "");
  }

  /**
   * Reads {@code bytes}.
   *
   * @throws IOException saying what is malformed
   */
  static InstanceFile parse(byte[] bytes) throws IOException {
    if (!(Json.read(bytes) instanceof Map<?, ?> map)) {
      throw new IOException("holds no JSON object");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((key, value) -> values.put(String.valueOf(key), value));
    ConfigReader fields = new ConfigReader("", values);
    try {
      Duration ttl = fields.durationValue("ttl", DEFAULT_TTL, Duration.ofMillis(1), MAX_TTL);
      String owner = fields.stringValue("owner", "");
      boolean gone = fields.booleanValue("deregistered", false);
      Endpoint endpoint = gone ? null : EndpointJson.read(fields);
      return new InstanceFile(endpoint, ttl, owner, unknownField(fields));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  byte[] toBytes() {
    if (endpoint == null) {
      return Json.write(Map.of("deregistered", true));
    }
    Map<String, Object> fields = new LinkedHashMap<>(EndpointJson.write(endpoint));
    fields.put("ttl", seconds(ttl));
    fields.put("owner", owner);
    return Json.write(fields);
  }

  private static String unknownField(ConfigReader fields) {
    try {
      fields.rejectUnknownFields();
      return "";
    } catch (ConfigException e) {
      return e.getMessage() + ", ignored";
    }
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
  }
}
