package io.evenkeel.gateway;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where in a JSON text the parser of messages gave up: it does not say, so it is asked again
 * about ever smaller parts. Costs a parse of the text per level, so only texts of moderate size are
 * searched.
 *
 * <p>Immutable.
 */
final class BadField {
  /** Bounds the work that a malformed request can cause; beyond, the error names no field. */
  private static final int MAX_SEARCHED_LENGTH = 64 * 1024;

  private static final String WELL_KNOWN_PACKAGE = "google.protobuf";

  private final JsonFormat.Parser parser;

  BadField(JsonFormat.Parser parser) {
    this.parser = parser;
  }

  /** The first bad field of a {@code type} and what is wrong with it, when it can be told. */
  Optional<String> find(String json, Descriptor type) {
    if (json.length() > MAX_SEARCHED_LENGTH) {
      return Optional.empty();
    }
    try {
      return in(JsonParser.parseString(json), type, "");
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  /** What the parser of messages said. */
  static String reason(InvalidProtocolBufferException failure) {
    String message = failure.getMessage();
    return message == null ? "malformed" : message;
  }

  private Optional<String> in(JsonElement json, Descriptor type, String path) {
    if (!json.isJsonObject()) {
      return Optional.empty();
    }
    for (Map.Entry<String, JsonElement> entry : json.getAsJsonObject().entrySet()) {
      String name = entry.getKey();
      FieldDescriptor field = FieldPath.find(type, name);
      if (field == null) {
        return Optional.of(path + name + ": no such field in " + type.getFullName());
      }
      Optional<String> failure = failure(type, name, entry.getValue());
      if (failure.isPresent()) {
        return Optional.of(
            inside(field, name, entry.getValue(), path).orElse(path + name + ": " + failure.get()));
      }
    }
    return Optional.empty();
  }

  /** Looks for a smaller part of a field's value that is at fault. */
  private Optional<String> inside(
      FieldDescriptor field, String name, JsonElement value, String path) {
    if (field.isMapField()) {
      return Optional.empty();
    }
    if (field.isRepeated()) {
      return value.isJsonArray()
          ? inside(field, name, value.getAsJsonArray(), path)
          : Optional.empty();
    }
    return isPlainMessage(field)
        ? in(value, field.getMessageType(), path + name + ".")
        : Optional.empty();
  }

  private Optional<String> inside(
      FieldDescriptor field, String name, JsonArray elements, String path) {
    for (int i = 0; i < elements.size(); i++) {
      JsonArray alone = new JsonArray();
      alone.add(elements.get(i));
      Optional<String> failure = failure(field.getContainingType(), name, alone);
      if (failure.isPresent()) {
        String here = path + name + "[" + i + "]";
        Optional<String> deeper =
            isPlainMessage(field)
                ? in(elements.get(i), field.getMessageType(), here + ".")
                : Optional.empty();
        return Optional.of(deeper.orElse(here + ": " + failure.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> failure(Descriptor type, String name, JsonElement value) {
    JsonObject alone = new JsonObject();
    alone.add(name, value);
    try {
      parser.merge(alone.toString(), DynamicMessage.newBuilder(type));
      return Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.of(reason(e));
    }
  }

  private static boolean isPlainMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !field.getMessageType().getFile().getPackage().equals(WELL_KNOWN_PACKAGE);
  }
}
