package io.evenkeel.cli.check;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.evenkeel.config.JsonProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds in a service config what gRPC would skip silently, refuse, or not do. Thread-safe.
 *
 * <p>gRPC checks types only: a misspelt field or a {@code methodConfig} without a name is skipped
 * without a word, and the channel runs on defaults.
 */
public final class ServiceConfigLinter {
  private static final Gson STRICT = new GsonBuilder().setStrictness(Strictness.STRICT).create();

  private ServiceConfigLinter() {}

  /** All that is wrong with {@code json}, in the order of the file; empty if nothing is. */
  public static List<Finding> check(String json) {
    List<Finding> findings = new ArrayList<>();
    JsonElement config;
    try {
      config = STRICT.fromJson(json, JsonElement.class);
    } catch (JsonParseException e) {
      return List.of(new Finding("", "is not JSON: " + reason(e)));
    }
    if (config == null) {
      return List.of(new Finding("", "is empty (expected: an object)"));
    }
    ServiceConfigShape.SERVICE_CONFIG.check(new Place("", config, findings));
    return findings;
  }

  private static String reason(JsonParseException e) {
    return JsonProblem.of(e.getCause() == null ? e : e.getCause());
  }
}
