package io.evenkeel.discovery.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Writes files that readers see either as they were or complete. */
final class AtomicFile {
  /** Process ids repeat among containers that share a directory. */
  private static final String PROCESS = UUID.randomUUID().toString();

  private static final AtomicLong written = new AtomicLong();

  private AtomicFile() {}

  /** Replaces the content of {@code file}, or makes it; never leaves a temporary file behind. */
  static void write(Path file, byte[] content) throws IOException {
    String name = file.getFileName().toString();
    String nonce = PROCESS + "-" + written.incrementAndGet();
    Path temporary = file.resolveSibling(InstanceNames.temporary(name, nonce));
    try {
      Files.write(temporary, content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }
}
