package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What a small file says, read again when it has changed. Not thread-safe. */
final class FileContent<T> {
  private final Path path;
  private final Parser<T> parser;
  private @Nullable Version version;
  private @Nullable T content;

  /** Two versions of a file differ in one of these. */
  private record Version(FileTime modified, long size, @Nullable Object key) {
    static Version of(Path path) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  /** Makes sense of the bytes. */
  interface Parser<T> {
    T parse(byte[] bytes) throws IOException;
  }

  FileContent(Path path, Parser<T> parser) {
    this.path = path;
    this.parser = parser;
  }

  /** The content, or null where there is no such file. */
  @Nullable T read() throws IOException {
    try {
      Version now = Version.of(path);
      if (!now.equals(version)) {
        content = parser.parse(Files.readAllBytes(path));
        version = now;
      }
      return content;
    } catch (NoSuchFileException e) {
      version = null;
      content = null;
      return null;
    }
  }
}
