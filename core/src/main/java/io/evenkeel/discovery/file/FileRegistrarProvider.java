package io.evenkeel.discovery.file;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrarProvider;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Opens directory registries: {@code file:///var/run/services} keeps the instances of {@code
 * orders} in {@code /var/run/services/orders}, which is what clients name in their target.
 *
 * <p>{@code ?ttl=10s} sets how long an instance counts after its process died without a word: 1 s
 * to 1 h, 6 s by default. The directory is made with the first registration.
 *
 * <p>The registry is for one machine, or for machines that share a file system; loopback addresses
 * may be registered.
 */
public final class FileRegistrarProvider implements RegistrarProvider {

  /** For {@link java.util.ServiceLoader}. */
  public FileRegistrarProvider() {}

  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public Registrar open(URI registry) {
    Path base = FileTarget.path(registry);
    if (Files.exists(base) && !Files.isDirectory(base)) {
      throw FileTarget.malformed(registry, "is a file; instances register in a directory");
    }
    return new FileRegistrar(base, ttl(registry), System::nanoTime, InstantSource.system());
  }

  private static Duration ttl(URI registry) {
    Map<String, String> values = new LinkedHashMap<>();
    String query = registry.getQuery() == null ? "" : registry.getQuery();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals), part.substring(equals + 1));
      } else if (!part.isEmpty()) {
        values.put(part, "");
      }
    }
    ConfigReader settings = new ConfigReader("", values);
    try {
      Duration ttl =
          settings.durationValue(
              "ttl", InstanceFile.DEFAULT_TTL, InstanceFile.MIN_TTL, InstanceFile.MAX_TTL);
      settings.rejectUnknownFields();
      return ttl;
    } catch (IllegalArgumentException e) {
      throw FileTarget.malformed(registry, String.valueOf(e.getMessage()));
    }
  }
}
