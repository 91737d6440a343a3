package io.evenkeel.cli.call;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonStreamParser;
import com.google.protobuf.DynamicMessage;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.FileProblem;
import io.evenkeel.cli.schema.DynamicMethod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --data} says: JSON, {@code @FILE} that holds it, or {@code @-} for standard input.
 *
 * <p>Where the client streams, several values one after the other, or one array, are as many
 * messages.
 */
final class Requests {

  private Requests() {}

  static List<DynamicMessage> read(String data, DynamicMethod method, InputStream stdin) {
    List<JsonElement> values = parse(text(data, stdin));
    if (!method.grpc().getType().clientSendsOneMessage()) {
      return values.stream().map(value -> method.request(value.toString())).toList();
    }
    if (values.size() > 1) {
      throw CommandException.usage(
          "--data: %d messages (expected: one, because %s takes one)"
              .formatted(values.size(), method.grpc().getFullMethodName()));
    }
    return List.of(method.request(values.isEmpty() ? "{}" : values.get(0).toString()));
  }

  private static String text(String data, InputStream stdin) {
    if (!data.startsWith("@")) {
      return data;
    }
    try {
      return data.equals("@-")
          ? new String(stdin.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(data.substring(1)));
    } catch (IOException e) {
      throw CommandException.usage("--data " + data + ": cannot be read: " + FileProblem.of(e));
    }
  }

  private static List<JsonElement> parse(String text) {
    List<JsonElement> values = new ArrayList<>();
    if (text.isBlank()) {
      return values;
    }
    try {
      new JsonStreamParser(text).forEachRemaining(values::add);
    } catch (JsonParseException e) {
      throw CommandException.usage("--data " + text + ": not JSON: " + e.getMessage());
    }
    if (values.size() == 1 && values.get(0) instanceof JsonArray array) {
      return array.asList();
    }
    return values;
  }
}
