package io.evenkeel.discovery.consul;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.consul.ServiceEntry.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The instances of one service in an answer of {@code /v1/health/service}, sorted by id.
 *
 * @param problems what was left out and why
 */
record ConsulInstances(List<ServiceEntry> entries, List<String> problems) {

  /**
   * Reads the answer. Instances that are critical or deregistered are no instances, and not a
   * problem either.
   *
   * @throws IllegalArgumentException if it is no list at all
   */
  static ConsulInstances parse(String body) {
    ConsulInstances instances = new ConsulInstances(new ArrayList<>(), new ArrayList<>());
    for (JsonElement element : array(body)) {
      instances.add(element);
    }
    return instances;
  }

  private static JsonArray array(String body) {
    try {
      if (JsonParser.parseString(body) instanceof JsonArray array) {
        return array;
      }
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
    throw new IllegalArgumentException("no list");
  }

  private void add(JsonElement element) {
    try {
      ServiceEntry entry = ServiceEntry.ofHealth(element);
      if (entry.meta(ServiceMeta.DEREGISTERED).isEmpty()) {
        entries.add(entry);
      }
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  /** Those that are not critical. */
  EndpointSet endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    List<String> left = new ArrayList<>(problems);
    for (ServiceEntry entry : entries) {
      if (entry.state() == State.CRITICAL) {
        continue;
      }
      try {
        endpoints.add(entry.endpoint());
      } catch (IllegalArgumentException e) {
        left.add(entry.name() + ": " + e.getMessage());
      }
    }
    endpoints.sort(Comparator.comparing(Endpoint::id));
    return EndpointSet.of(endpoints, left);
  }
}
