package io.evenkeel.discovery.file;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.evenkeel.config.JsonProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Strict JSON to and from maps, lists and boxed values. Stateless. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final TypeAdapter<Object> ANY = GSON.getAdapter(Object.class);

  private Json() {}

  /**
   * Reads one JSON value: objects as {@code Map<String, ?>}, arrays as lists, numbers as {@code
   * Double}.
   *
   * @throws IOException if {@code bytes} are anything else than one complete value; the message
   *     tells two different contents apart
   */
  static @Nullable Object read(byte[] bytes) throws IOException {
    try (JsonReader reader =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder()))) {
      reader.setStrictness(Strictness.STRICT);
      Object value = ANY.read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("more than one JSON value");
      }
      return value;
    } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
      throw new IOException(
          "malformed JSON: %s (%d bytes, CRC %08x)"
              .formatted(JsonProblem.of(e), bytes.length, checksum(bytes)),
          e);
    }
  }

  static byte[] write(Map<String, ?> object) {
    return (GSON.toJson(object) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static long checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }
}
