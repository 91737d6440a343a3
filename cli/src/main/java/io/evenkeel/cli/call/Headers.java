package io.evenkeel.cli.call;

import io.evenkeel.cli.console.CommandException;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Custom metadata as the command line has it: {@code key: text}, or base64 for {@code key-bin}. */
final class Headers {

  private Headers() {}

  static Metadata parse(List<String> lines) {
    Metadata headers = new Metadata();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw CommandException.usage("-H " + line + " (expected: key:value)");
      }
      try {
        put(headers, line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      } catch (IllegalArgumentException e) {
        // The value may be a secret, so only its key is told.
        throw CommandException.usage("-H " + line.substring(0, colon) + ": " + e.getMessage());
      }
    }
    return headers;
  }

  /** One line for each entry, in the form that {@code -H} takes. */
  static List<String> format(Metadata headers) {
    return headers.keys().stream().sorted().flatMap(key -> format(headers, key).stream()).toList();
  }

  private static void put(Metadata headers, String key, String value) {
    if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      headers.put(binary(key), Base64.getDecoder().decode(value));
    } else {
      headers.put(ascii(key), value);
    }
  }

  private static List<String> format(Metadata headers, String key) {
    List<String> lines = new ArrayList<>();
    if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      for (byte[] value : headers.getAll(binary(key))) {
        lines.add(key + ": " + Base64.getEncoder().encodeToString(value));
      }
    } else {
      headers.getAll(ascii(key)).forEach(value -> lines.add(key + ": " + value));
    }
    return lines;
  }

  private static Metadata.Key<String> ascii(String key) {
    return Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static Metadata.Key<byte[]> binary(String key) {
    return Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER);
  }
}
