package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one reader knows of one instance file. Not thread-safe. */
final class Instance {
  private final Path path;
  private @Nullable FileVersion version;
  private boolean settled;
  private byte[] bytes = {};
  private @Nullable InstanceFile good;
  private String problem = "";
  private long lastBeatNanos;
  private long lastChangeNanos;

  Instance(Path path, long firstSeenNanos) {
    this.path = path;
    this.lastChangeNanos = firstSeenNanos;
  }

  /**
   * Takes in the file as it is now. Only one that changed is read, and only one whose content
   * changed is parsed: a heartbeat changes neither.
   */
  void observe(FileVersion seen, Moment now) throws NoSuchFileException {
    boolean changed = !seen.equals(version);
    if (!changed && settled) {
      return;
    }
    boolean readable = load();
    if (changed) {
      lastChangeNanos = now.nanos();
      if (problem.isEmpty()) {
        lastBeatNanos = now.nanos() - beatAge(seen, now);
      }
    }
    version = seen;
    settled = readable && seen.settled(now.wallClock());
  }

  /** Takes in that the file is there and cannot be looked at. */
  void unreadable(IOException reason) {
    problem = complaint(reason);
    settled = false;
  }

  /** The instance while its lease runs, else null. */
  @Nullable Endpoint live(long nowNanos) {
    return good != null && leaseLeft(nowNanos) >= 0 ? good.endpoint() : null;
  }

  /** Nanoseconds until the lease ends; negative when it did. */
  long leaseLeft(long nowNanos) {
    return good == null ? -1 : good.ttl().toNanos() - (nowNanos - lastBeatNanos);
  }

  /** Nanoseconds since this reader saw the file change, whatever the wall clock says. */
  long unchangedFor(long nowNanos) {
    return nowNanos - lastChangeNanos;
  }

  /** The last content that made sense, if any ever did. */
  @Nullable InstanceFile good() {
    return good;
  }

  /** What is wrong with the file, or empty. */
  String problem() {
    return problem;
  }

  /** Whether the file could be read; what it holds may still be malformed. */
  private boolean load() throws NoSuchFileException {
    byte[] read;
    try {
      read = BoundedFile.read(path, BoundedFile.INSTANCE_BYTES);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      problem = complaint(e);
      return false;
    }
    if (version == null || !problem.isEmpty() || !Arrays.equals(read, bytes)) {
      bytes = read;
      parse();
    }
    return true;
  }

  private void parse() {
    try {
      good = InstanceFile.parse(bytes);
      problem = "";
    } catch (IOException e) {
      problem = complaint(e);
    }
  }

  private String complaint(IOException e) {
    return "instance file %s: %s, %s"
        .formatted(
            path,
            IoReason.of(e),
            good == null ? "left out" : "its last good content counts until the lease ends");
  }

  /**
   * How long ago the file was touched. What the wall clock says counts at the first look only;
   * later the touch lies between the last look and this one, so a clock that jumped cannot end a
   * lease.
   */
  private static long beatAge(FileVersion seen, Moment now) {
    long age = Math.max(0, seen.age(now.wallClock().instant()).toNanos());
    return Math.min(age, now.sinceLastLookNanos());
  }
}
