package io.evenkeel.discovery.zookeeper;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.reflect.TypeToken;
import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.discovery.HostPort;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a Curator instance: {@code {"weight":9,"zone":"z1","priority":1,
 * "addresses":["10.0.0.1:80","[::1]:80"],"metadata":{"version":"1.2"}}}, each field only where it
 * says more than the default.
 *
 * <p>These fields mean the same in a payload of any other class. Everything else in one becomes
 * metadata, and so does a payload that is no object, under {@code payload}.
 *
 * @param fields of the payload without its Java class
 */
record CuratorPayload(JsonObject fields) {
  private static final Gson GSON = new Gson();
  private static final String METADATA = "metadata";

  /** Under which Curator writes the Java class of a payload. */
  private static final String CLASS = "@class";

  /** What Curator writes for a map, which every client has. */
  private static final String MAP_CLASS = "java.util.LinkedHashMap";

  /** What {@code endpoint} has beyond one address; null of JSON where that is nothing. */
  static JsonElement write(Endpoint endpoint) {
    JsonObject fields = new JsonObject();
    fields.addProperty(CLASS, MAP_CLASS);
    if (endpoint.addresses().size() > 1) {
      fields.add(
          "addresses",
          GSON.toJsonTree(endpoint.addresses().stream().map(CuratorCodec::text).toList()));
    }
    if (!endpoint.metadata().isEmpty()) {
      fields.add(METADATA, GSON.toJsonTree(new TreeMap<>(endpoint.metadata())));
    }
    if (endpoint.priority() != 0) {
      fields.addProperty("priority", endpoint.priority());
    }
    if (endpoint.weight() != Endpoint.DEFAULT_WEIGHT) {
      fields.addProperty("weight", endpoint.weight());
    }
    if (!endpoint.zone().isEmpty()) {
      fields.addProperty("zone", endpoint.zone());
    }
    return fields.size() == 1 ? JsonNull.INSTANCE : fields;
  }

  static CuratorPayload of(@Nullable JsonElement payload) {
    JsonObject fields = new JsonObject();
    if (payload instanceof JsonObject object) {
      object.entrySet().forEach(each -> fields.add(each.getKey(), each.getValue()));
      fields.remove(CLASS);
    } else if (payload != null && !payload.isJsonNull()) {
      fields.addProperty("payload", text(payload));
    }
    return new CuratorPayload(fields);
  }

  /**
   * What {@code plain} becomes with these fields.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  Endpoint addTo(Endpoint plain) {
    if (fields.isEmpty()) {
      return plain;
    }
    Map<String, Object> values =
        GSON.fromJson(fields, new TypeToken<Map<String, Object>>() {}.getType());
    values.values().removeIf(each -> each == null);
    ConfigReader reader = new ConfigReader("payload", values);
    List<SocketAddress> addresses =
        reader.stringList("addresses").stream()
            .map(each -> (SocketAddress) HostPort.parse(each))
            .toList();
    return new Endpoint(
        plain.id(),
        addresses.isEmpty() ? plain.addresses() : addresses,
        reader.intValue("weight", Endpoint.DEFAULT_WEIGHT, 0, Endpoint.MAX_WEIGHT),
        reader.stringValue("zone", ""),
        reader.intValue("priority", 0, 0, Integer.MAX_VALUE),
        metadata());
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    fields.entrySet().forEach(each -> addMetadata(metadata, each.getKey(), each.getValue()));
    return metadata;
  }

  private static void addMetadata(Map<String, String> metadata, String name, JsonElement value) {
    switch (name) {
      case "addresses", "weight", "zone", "priority" -> {}
      case METADATA -> {
        if (value instanceof JsonObject object) {
          object.entrySet().forEach(each -> put(metadata, each.getKey(), each.getValue()));
        } else {
          put(metadata, name, value);
        }
      }
      default -> put(metadata, name, value);
    }
  }

  private static void put(Map<String, String> metadata, String name, JsonElement value) {
    if (!value.isJsonNull()) {
      metadata.put(name, text(value));
    }
  }

  private static String text(JsonElement value) {
    return value instanceof JsonPrimitive ? value.getAsString() : value.toString();
  }
}
