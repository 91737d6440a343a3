package io.evenkeel.cli.check;

import static io.evenkeel.cli.check.Shape.duration;
import static io.evenkeel.cli.check.Shape.failure;
import static io.evenkeel.cli.check.Shape.flag;
import static io.evenkeel.cli.check.Shape.list;
import static io.evenkeel.cli.check.Shape.object;
import static io.evenkeel.cli.check.Shape.positiveDuration;
import static io.evenkeel.cli.check.Shape.positiveNumber;
import static io.evenkeel.cli.check.Shape.text;
import static io.evenkeel.cli.check.Shape.wholeNumber;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service config looks like, as grpc-java reads it.
 *
 * @see <a
 *     href="https://github.com/grpc/grpc-proto/blob/master/grpc/service_config/service_config.proto">
 *     service_config.proto</a>
 */
final class ServiceConfigShape {
  /** Whatever a config says, grpc-java makes no more attempts. */
  private static final int MOST_ATTEMPTS = 5;

  private static final double MOST_TOKENS = 1000;

  private static final Shape ATTEMPTS =
      wholeNumber(2, Integer.MAX_VALUE)
          .and(
              place -> {
                if (place.value().getAsBigDecimal().intValue() > MOST_ATTEMPTS) {
                  place.report(place.value() + " counts as 5: gRPC makes no more attempts");
                }
              });

  private static final Shape RETRY_POLICY =
      object(
              Map.of(
                  "maxAttempts", ATTEMPTS,
                  "initialBackoff", positiveDuration(),
                  "maxBackoff", positiveDuration(),
                  "backoffMultiplier", positiveNumber(Double.MAX_VALUE),
                  "retryableStatusCodes", list(failure()).notEmpty(),
                  "perAttemptRecvTimeout",
                      positiveDuration().warning("grpc-java reads it but does nothing with it")))
          .requiring(
              "maxAttempts",
              "initialBackoff",
              "maxBackoff",
              "backoffMultiplier",
              "retryableStatusCodes");

  private static final Shape HEDGING_POLICY =
      object(
              Map.of(
                  "maxAttempts", ATTEMPTS,
                  "hedgingDelay", duration(),
                  "nonFatalStatusCodes", list(failure())))
          .requiring("maxAttempts", "hedgingDelay");

  private static final Shape NAME =
      object(Map.of("service", text(), "method", text()))
          .and(
              place -> {
                JsonObject name = place.value().getAsJsonObject();
                if (textOf(name.get("service")).isEmpty()
                    && !textOf(name.get("method")).isEmpty()) {
                  place.report("has a method but no service, and gRPC refuses it");
                }
              });

  private static final Shape METHOD_CONFIG =
      object(
              Map.of(
                  "name", list(NAME),
                  "waitForReady", flag(),
                  "timeout", duration(),
                  "maxRequestMessageBytes", wholeNumber(0, Integer.MAX_VALUE),
                  "maxResponseMessageBytes", wholeNumber(0, Integer.MAX_VALUE),
                  "retryPolicy", RETRY_POLICY,
                  "hedgingPolicy", HEDGING_POLICY))
          .also(ServiceConfigShape::checkMethodConfig);

  private static final Shape RETRY_THROTTLING =
      object(
              Map.of(
                  "maxTokens", positiveNumber(MOST_TOKENS),
                  "tokenRatio", positiveNumber(Double.MAX_VALUE)))
          .requiring("maxTokens", "tokenRatio");

  /** The whole service config. */
  static final Shape SERVICE_CONFIG =
      object(
          Map.of(
              "loadBalancingConfig", PolicyShape.CHOICES,
              "loadBalancingPolicy",
                  text().warning("is deprecated: use loadBalancingConfig, which wins over it"),
              "methodConfig", list(METHOD_CONFIG).also(ServiceConfigShape::checkNames),
              "retryThrottling", RETRY_THROTTLING,
              "healthCheckConfig", object(Map.of("serviceName", text()))));

  private ServiceConfigShape() {}

  private static void checkMethodConfig(Place place) {
    if (!(place.value() instanceof JsonObject config)) {
      return;
    }
    if (namesOf(config).isEmpty()) {
      place.report("has no name, so gRPC skips it silently (expected: \"name\": [{}] for all)");
    }
    if (config.has("retryPolicy") && config.has("hedgingPolicy")) {
      place.report("has both retryPolicy and hedgingPolicy (expected: one of them)");
    }
  }

  /** gRPC refuses the whole config when two parts of it are about the same method. */
  private static void checkNames(Place methodConfigs) {
    if (!(methodConfigs.value() instanceof JsonArray configs)) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < configs.size(); i++) {
      JsonArray names = namesOf(configs.get(i));
      for (int j = 0; j < names.size(); j++) {
        if (names.get(j) instanceof JsonObject name && !seen.add(fullName(name))) {
          methodConfigs
              .element(i)
              .field("name")
              .element(j)
              .report("names the same method again, and gRPC refuses that");
        }
      }
    }
  }

  private static JsonArray namesOf(JsonElement methodConfig) {
    boolean named =
        methodConfig instanceof JsonObject config && config.get("name") instanceof JsonArray;
    return named ? methodConfig.getAsJsonObject().getAsJsonArray("name") : new JsonArray();
  }

  private static String fullName(JsonObject name) {
    return textOf(name.get("service")) + "/" + textOf(name.get("method"));
  }

  private static String textOf(@Nullable JsonElement text) {
    return text instanceof JsonPrimitive primitive ? primitive.getAsString() : "";
  }
}
