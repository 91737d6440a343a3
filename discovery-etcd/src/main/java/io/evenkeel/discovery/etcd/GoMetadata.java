package io.evenkeel.discovery.etcd;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.reflect.TypeToken;
import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.discovery.HostPort;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands in the {@code Metadata} of an entry that a Go program or we have written.
 *
 * @param fields of the object, or of the object that a text holds; one field {@code metadata} for
 *     anything else that is not null
 */
record GoMetadata(JsonObject fields) {
  private static final Gson GSON = new Gson();
  private static final String METADATA = "metadata";

  static GoMetadata of(JsonElement metadata) {
    if (metadata instanceof JsonObject object) {
      return new GoMetadata(object);
    }
    JsonObject fields = new JsonObject();
    if (metadata instanceof JsonPrimitive text) {
      if (embedded(text.getAsString()) instanceof JsonObject object) {
        return new GoMetadata(object);
      }
      fields.addProperty(METADATA, text.getAsString());
    } else if (!metadata.isJsonNull()) {
      fields.addProperty(METADATA, metadata.toString());
    }
    return new GoMetadata(fields);
  }

  private static JsonElement embedded(String text) {
    try {
      return text.startsWith("{") ? JsonParser.parseString(text) : new JsonPrimitive(text);
    } catch (JsonParseException plainText) {
      return new JsonPrimitive(text);
    }
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
    ConfigReader reader = new ConfigReader("Metadata", asMap());
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
        metadata(reader));
  }

  private Map<String, ?> asMap() {
    return GSON.fromJson(fields, new TypeToken<Map<String, Object>>() {}.getType());
  }

  private Map<String, String> metadata(ConfigReader reader) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> field : fields.entrySet()) {
      switch (field.getKey()) {
        case "addresses", "weight", "zone", "priority" -> {}
        case METADATA -> {
          if (field.getValue().isJsonObject()) {
            metadata.putAll(reader.stringMap(METADATA));
          } else {
            metadata.put(METADATA, text(field.getValue()));
          }
        }
        default -> metadata.put(field.getKey(), text(field.getValue()));
      }
    }
    return metadata;
  }

  private static String text(JsonElement value) {
    return value.isJsonPrimitive() ? value.getAsString() : value.toString();
  }
}
