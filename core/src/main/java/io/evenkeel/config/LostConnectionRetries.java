package io.evenkeel.config;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has calls tried again that end as UNKNOWN for a lost connection, where the service config wants
 * those that end as UNAVAILABLE tried again.
 *
 * <p>gRPC decides by the code alone. So UNKNOWN joins the codes in {@code retryableStatusCodes},
 * and the balancer is told by {@value #FIELD} to forbid the retry of every other UNKNOWN.
 */
public final class LostConnectionRetries {
  /** The field of the {@code evenkeel} object. */
  public static final String FIELD = "retryUnknownOnlyIfLost";

  private static final String BALANCING = "loadBalancingConfig";
  private static final String ENGINE = "evenkeel";
  private static final String METHODS = "methodConfig";
  private static final String RETRIES = "retryPolicy";
  private static final String HEDGES = "hedgingPolicy";
  private static final String RETRIED = "retryableStatusCodes";
  private static final String HEDGED = "nonFatalStatusCodes";

  private LostConnectionRetries() {}

  /**
   * What {@code serviceConfig} has to be for that. It is returned as it is when it does not name
   * the balancer, or has a say on UNKNOWN itself.
   */
  public static Map<String, ?> addTo(Map<String, ?> serviceConfig) {
    List<?> choices = list(serviceConfig.get(BALANCING));
    List<?> methods = list(serviceConfig.get(METHODS));
    if (choices.stream().noneMatch(LostConnectionRetries::isEngine)
        || methods.stream().anyMatch(LostConnectionRetries::namesUnknown)
        || methods.stream().noneMatch(LostConnectionRetries::retriesUnavailable)) {
      return serviceConfig;
    }
    Map<String, Object> completed = new LinkedHashMap<>(serviceConfig);
    completed.put(BALANCING, choices.stream().map(LostConnectionRetries::told).toList());
    completed.put(METHODS, methods.stream().map(LostConnectionRetries::widened).toList());
    return completed;
  }

  private static boolean isEngine(Object choice) {
    return fields(choice).get(ENGINE) instanceof Map<?, ?>;
  }

  private static boolean namesUnknown(Object method) {
    return names(codes(method, RETRIES, RETRIED), Status.Code.UNKNOWN)
        || names(codes(method, HEDGES, HEDGED), Status.Code.UNKNOWN);
  }

  private static boolean retriesUnavailable(Object method) {
    return names(codes(method, RETRIES, RETRIED), Status.Code.UNAVAILABLE);
  }

  private static Object told(Object choice) {
    return isEngine(choice)
        ? with(choice, ENGINE, with(fields(choice).get(ENGINE), FIELD, true))
        : choice;
  }

  private static Object widened(Object method) {
    if (!retriesUnavailable(method)) {
      return method;
    }
    List<Object> codes = new ArrayList<>(codes(method, RETRIES, RETRIED));
    codes.add(Status.Code.UNKNOWN.name());
    return with(method, RETRIES, with(fields(method).get(RETRIES), RETRIED, codes));
  }

  private static List<?> codes(Object method, String policy, String field) {
    return list(fields(fields(method).get(policy)).get(field));
  }

  /** A code is a name or a number. */
  private static boolean names(List<?> codes, Status.Code code) {
    return codes.stream()
        .anyMatch(
            each ->
                each instanceof Number number
                    ? number.doubleValue() == code.value()
                    : code.name().equals(each));
  }

  private static Map<?, ?> with(@Nullable Object map, String field, Object value) {
    Map<Object, Object> changed = new LinkedHashMap<>(fields(map));
    changed.put(field, value);
    return changed;
  }

  /** None where something else stands, which gRPC refuses. */
  private static Map<?, ?> fields(@Nullable Object object) {
    return object instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object object) {
    return object instanceof List<?> list ? list : List.of();
  }
}
