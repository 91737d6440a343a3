package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.config.NearestName;
import io.evenkeel.discovery.Authority;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that lists endpoints. A malformed element is left out and reported, the rest serve; a
 * malformed file is an error as a whole. Not thread-safe.
 */
final class ListFile {
  private static final List<String> FIELDS = List.of("endpoints", "serviceConfig");

  private final Path path;
  private final InstantSource wallClock;
  private @Nullable FileVersion version;
  private @Nullable EndpointSet endpoints;
  private @Nullable IOException failure;

  ListFile(Path path, InstantSource wallClock) {
    this.path = path;
    this.wallClock = wallClock;
  }

  /** The list now; reads the file only when it changed. */
  EndpointSet read() throws IOException {
    FileVersion now = FileVersion.of(path);
    if (!now.equals(version)) {
      byte[] bytes = BoundedFile.read(path, BoundedFile.LIST_BYTES);
      version = now.settled(wallClock) ? now : null;
      load(bytes);
    }
    if (endpoints == null) {
      throw failure == null ? new IOException("file " + path + " was not read") : failure;
    }
    return endpoints;
  }

  private void load(byte[] bytes) {
    try {
      endpoints = parse(Json.read(bytes));
      failure = null;
    } catch (IOException e) {
      endpoints = null;
      failure = new IOException("file " + path + ": " + e.getMessage(), e);
    }
  }

  private static EndpointSet parse(@Nullable Object json) throws IOException {
    List<String> problems = new ArrayList<>();
    if (json instanceof List<?> list) {
      return endpoints(list, problems, null);
    }
    if (json instanceof Map<?, ?> map) {
      Map<String, Object> fields = stringKeys(map);
      if (fields.get("endpoints") instanceof List<?> list) {
        return endpoints(list, problems, serviceConfig(fields, problems));
      }
    }
    throw new IOException(
        "holds no list (expected: {\"endpoints\": [\"10.0.0.1:8080\"]} or [\"10.0.0.1:8080\"])");
  }

  private static EndpointSet endpoints(
      List<?> elements, List<String> problems, @Nullable Map<String, ?> serviceConfig) {
    List<Endpoint> endpoints = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      String name = "endpoints[" + i + "]";
      try {
        endpoints.add(endpoint(name, elements.get(i), problems));
      } catch (IllegalArgumentException e) {
        String message = e instanceof ConfigException ? "" : name + ": ";
        problems.add(message + e.getMessage() + ", left out");
      }
    }
    return new EndpointSet(endpoints, problems, serviceConfig, Authority.ENDPOINT, true);
  }

  private static Endpoint endpoint(String name, @Nullable Object element, List<String> problems) {
    if (element instanceof String address) {
      return Endpoint.of(HostPort.parse(address));
    }
    if (!(element instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          element + " (expected: \"host:port\" or an object with \"address\")");
    }
    ConfigReader fields = new ConfigReader(name, stringKeys(map));
    Endpoint endpoint = EndpointJson.read(fields);
    reportUnknownFields(fields, problems);
    return endpoint;
  }

  private static @Nullable Map<String, ?> serviceConfig(
      Map<String, Object> fields, List<String> problems) {
    for (String field : fields.keySet()) {
      if (!FIELDS.contains(field)) {
        problems.add(field + ": unknown field " + NearestName.hint(field, FIELDS) + ", ignored");
      }
    }
    Object config = fields.get("serviceConfig");
    if (config instanceof Map<?, ?> map) {
      return stringKeys(map);
    }
    if (config != null) {
      problems.add("serviceConfig: " + config + " (expected: an object), ignored");
    }
    return null;
  }

  private static void reportUnknownFields(ConfigReader fields, List<String> problems) {
    try {
      fields.rejectUnknownFields();
    } catch (ConfigException e) {
      problems.add(e.getMessage() + ", ignored");
    }
  }

  private static Map<String, Object> stringKeys(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}
