package io.evenkeel.discovery.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What tells, without reading it, that a file is not the one seen before.
 *
 * @param key the inode, where the system has one
 */
record FileVersion(FileTime modified, long size, @Nullable Object key) {
  /** The coarsest tick of a file system's clock that still matters. */
  private static final Duration CLOCK_TICK = Duration.ofMillis(100);

  static FileVersion of(Path file) throws IOException {
    return of(Files.readAttributes(file, BasicFileAttributes.class));
  }

  static FileVersion of(BasicFileAttributes attributes) {
    return new FileVersion(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  /**
   * Whether a later change must show. A file written a moment ago may be written again within the
   * same tick of the file system's clock, and look unchanged.
   */
  boolean settled(InstantSource wallClock) {
    return age(wallClock.instant()).abs().compareTo(CLOCK_TICK) > 0;
  }

  /** How long ago the wall clock says it was modified; negative when that lies in the future. */
  Duration age(Instant now) {
    return Duration.between(modified.toInstant(), now);
  }
}
