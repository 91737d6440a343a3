package io.evenkeel.discovery.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads files that somebody else may have made huge, or a pipe that never ends. */
final class BoundedFile {
  /** 100,000 endpoints with metadata fit several times. */
  static final int LIST_BYTES = 64 << 20;

  /** One instance with plenty of metadata, or one service config. */
  static final int INSTANCE_BYTES = 64 << 10;

  private BoundedFile() {}

  /** The content, or an error where there is more than {@code bound}. */
  static byte[] read(Path file, int bound) throws IOException {
    if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
      // Opening a pipe waits for its writer, for ever if there is none.
      throw new IOException("is no regular file");
    }
    try (InputStream input = Files.newInputStream(file)) {
      byte[] bytes = input.readNBytes(bound + 1);
      if (bytes.length > bound) {
        throw new IOException("larger than " + bound + " bytes");
      }
      return bytes;
    }
  }
}
