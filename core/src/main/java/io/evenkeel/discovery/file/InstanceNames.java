package io.evenkeel.discovery.file;

import java.nio.charset.StandardCharsets;

/**
 * Names the files of a service directory.
 *
 * <p>Every id has a name of its own on every file system: all but lower-case letters, digits and
 * {@code - _ .} is written as {@code %XX}, so neither a slash nor the case of a letter can make two
 * ids meet.
 */
final class InstanceNames {
  /** The service config that a registry hands out beside the instances. */
  static final String SERVICE_CONFIG = "service-config.json";

  private static final String SUFFIX = ".json";

  /** The shortest limit of common file systems is 255 bytes; temporary names need some more. */
  private static final int MAX_BYTES = 200;

  private InstanceNames() {}

  /**
   * The file of instance {@code id}.
   *
   * @throws IllegalArgumentException if the name would be too long for a file system
   */
  static String fileName(String id) {
    StringBuilder name = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = isPlain(b) && !(b == '.' && name.isEmpty());
      name.append(plain ? String.valueOf((char) b) : escaped(b));
    }
    if (name.length() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "id \"%s\": %d bytes as a file name (expected: at most %d)"
              .formatted(id, name.length(), MAX_BYTES));
    }
    name.append(SUFFIX);
    if (name.toString().equals(SERVICE_CONFIG)) {
      name.replace(0, 1, escaped((byte) name.charAt(0)));
    }
    return name.toString();
  }

  /** Whether a file of this name is an instance; others are temporary, hidden or strangers. */
  static boolean isInstance(String fileName) {
    return fileName.endsWith(SUFFIX)
        && !fileName.startsWith(".")
        && !fileName.equals(SERVICE_CONFIG);
  }

  /** Where the new content of {@code fileName} stands until it is complete; no reader looks. */
  static String temporary(String fileName, String nonce) {
    return "." + fileName + "." + nonce + ".tmp";
  }

  static boolean isTemporary(String fileName) {
    return fileName.startsWith(".") && fileName.endsWith(".tmp");
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '_' || b == '.';
  }

  private static String escaped(byte b) {
    return "%%%02X".formatted(b & 0xFF);
  }
}
