package io.evenkeel.discovery.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The service config beside the instances. A broken file keeps the last good one. Not thread-safe.
 */
final class ServiceConfigFile {
  private final Path path;
  private final InstantSource wallClock;
  private @Nullable FileVersion version;
  private @Nullable Map<String, ?> config;
  private String problem = "";

  ServiceConfigFile(Path path, InstantSource wallClock) {
    this.path = path;
    this.wallClock = wallClock;
  }

  void look() {
    try {
      FileVersion now = FileVersion.of(path);
      if (!now.equals(version)) {
        byte[] bytes = BoundedFile.read(path, BoundedFile.INSTANCE_BYTES);
        version = now.settled(wallClock) ? now : null;
        config = parse(bytes);
        problem = "";
      }
    } catch (NoSuchFileException none) {
      config = null;
      version = null;
      problem = "";
    } catch (IOException e) {
      problem = "service config " + path + ": " + IoReason.of(e) + ", ignored";
    }
  }

  /** The config in gRPC's JSON form, or null where there is none. */
  @Nullable Map<String, ?> config() {
    return config;
  }

  String problem() {
    return problem;
  }

  private static Map<String, ?> parse(byte[] bytes) throws IOException {
    if (!(Json.read(bytes) instanceof Map<?, ?> map)) {
      throw new IOException("holds no JSON object");
    }
    Map<String, Object> config = new LinkedHashMap<>();
    map.forEach((key, value) -> config.put(String.valueOf(key), value));
    return config;
  }
}
