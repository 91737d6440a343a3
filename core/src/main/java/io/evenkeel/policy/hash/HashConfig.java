package io.evenkeel.policy.hash;

import io.evenkeel.config.ConfigReader;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all policies which hash have: {@code header}, the name of the request header to
 * hash, none by default; {@code boundedLoadFactor}, {@value #MIN_FACTOR} to {@value #MAX_FACTOR},
 * no bound by default.
 *
 * @param header the header to hash; null for none
 * @param boundedLoadFactor how many times its share of all calls an endpoint may carry; infinite
 *     when it may carry any
 */
public record HashConfig(Metadata.@Nullable Key<byte[]> header, double boundedLoadFactor) {
  /** What a bound costs grows as it nears 1: factor / (factor - 1) looks where all is busy. */
  static final double MIN_FACTOR = 1.01;

  static final double MAX_FACTOR = 100;
  private static final double UNBOUNDED = Double.POSITIVE_INFINITY;

  /** Reads the common settings out of a policy's own. */
  public static HashConfig read(ConfigReader config) {
    String header = config.stringValue("header", "");
    return new HashConfig(
        header.isEmpty() ? null : headerKey(config, header),
        config.doubleValue("boundedLoadFactor", UNBOUNDED, MIN_FACTOR, MAX_FACTOR));
  }

  boolean bounded() {
    return boundedLoadFactor != UNBOUNDED;
  }

  private static Metadata.Key<byte[]> headerKey(ConfigReader config, String name) {
    try {
      return HeaderKey.of(name);
    } catch (IllegalArgumentException refused) {
      throw config.wrong("header", name, "a header name such as \"x-user-id\"");
    }
  }
}
