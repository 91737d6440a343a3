package io.evenkeel.discovery.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files that readers see either as they were or complete. */
final class AtomicFile {

  private AtomicFile() {}

  /** Replaces the content of {@code file}, or makes it; never leaves a temporary file behind. */
  static void write(Path file, byte[] content) throws IOException {
    String name = file.getFileName().toString();
    String nonce = UUID.randomUUID().toString().substring(0, 8);
    Path temporary = file.resolveSibling(InstanceNames.temporary(name, nonce));
    try {
      Files.write(temporary, content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
