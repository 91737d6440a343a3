package io.evenkeel.gateway;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to a field of a message, such as {@code book.author.name}.
 *
 * @param steps never empty; all but the last are messages
 */
record FieldPath(List<FieldDescriptor> steps) {
  private static final char SEPARATOR = '.';

  FieldPath {
    steps = List.copyOf(steps);
  }

  /**
   * Finds a field by the names of the proto or of JSON.
   *
   * @throws IllegalArgumentException if there is none, or it is inside of something repeated
   */
  static FieldPath parse(Descriptor type, String path) {
    List<FieldDescriptor> steps = new ArrayList<>();
    Descriptor message = type;
    int from = 0;
    while (from <= path.length()) {
      int separator = path.indexOf(SEPARATOR, from);
      int to = separator < 0 ? path.length() : separator;
      FieldDescriptor field = message == null ? null : find(message, path.substring(from, to));
      if (field == null) {
        throw new IllegalArgumentException(
            Text.shortened(path) + ": no such field in " + type.getFullName());
      }
      steps.add(field);
      message = messageOf(field);
      from = to + 1;
    }
    return new FieldPath(steps);
  }

  /** A field of {@code type} by its name in the proto or in JSON, null when there is none. */
  static @Nullable FieldDescriptor find(Descriptor type, String name) {
    FieldDescriptor byName = type.findFieldByName(name);
    if (byName != null) {
      return byName;
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJsonName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private static @Nullable Descriptor messageOf(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()
        ? field.getMessageType()
        : null;
  }

  /** Whether this field is {@code other} or inside of it. */
  boolean isWithin(FieldPath other) {
    return steps.size() >= other.steps.size()
        && steps.subList(0, other.steps.size()).equals(other.steps);
  }

  boolean isRepeated() {
    return last().isRepeated();
  }

  /** Sets the field of {@code message}, in place of what is there. */
  void set(JsonObject message, JsonElement value) {
    parent(message).add(last().getName(), value);
  }

  /** Sets the field to what was given for it as text, once or, when it is repeated, often. */
  void set(JsonObject message, List<String> values) {
    if (!isRepeated()) {
      set(message, new JsonPrimitive(values.get(0)));
      return;
    }
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    set(message, array);
  }

  private JsonObject parent(JsonObject message) {
    JsonObject parent = message;
    for (FieldDescriptor step : steps.subList(0, steps.size() - 1)) {
      String name = parent.has(step.getJsonName()) ? step.getJsonName() : step.getName();
      if (!parent.has(name)) {
        parent.add(name, new JsonObject());
      }
      if (!(parent.get(name) instanceof JsonObject inner)) {
        throw new IllegalArgumentException(name + ": not an object");
      }
      parent = inner;
    }
    return parent;
  }

  private FieldDescriptor last() {
    return steps.get(steps.size() - 1);
  }

  @Override
  public String toString() {
    return String.join(".", steps.stream().map(FieldDescriptor::getName).toList());
  }
}
