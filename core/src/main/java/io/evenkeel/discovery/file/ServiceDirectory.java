package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One reader's view of a service directory: a file per instance, each with a lease.
 *
 * <h2>Leases</h2>
 *
 * <p>A registrar touches its files three times per TTL. A reader remembers, by its own clock that
 * only runs forward, when it last saw each file change, and counts the instance as live for one TTL
 * from there. So neither a wall clock that jumps nor one that differs between machines ends a
 * lease. Only at a reader's first look, with nothing to compare, does the age by the wall clock
 * decide; the next heartbeat corrects a wrong verdict.
 *
 * <h2>Cost</h2>
 *
 * <p>A look lists the directory and asks for each file's attributes. Only files that were touched
 * are read, only new content is parsed.
 *
 * <p>Not thread-safe.
 */
final class ServiceDirectory {
  /** More sub-directories than these are not named in an error. */
  private static final int SERVICES_SHOWN = 10;

  private final Path path;
  private final LongSupplier ticker;
  private final InstantSource wallClock;
  private final Map<String, Instance> instances = new TreeMap<>();
  private final Map<String, Long> temporaries = new HashMap<>();
  private final Set<String> subdirectories = new TreeSet<>();
  private final ServiceConfigFile serviceConfig;
  private boolean looked;
  private long lastLookNanos;

  ServiceDirectory(Path path, LongSupplier ticker, InstantSource wallClock) {
    this.path = path;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.serviceConfig =
        new ServiceConfigFile(path.resolve(InstanceNames.SERVICE_CONFIG), wallClock);
  }

  /** Looks again. */
  void look() throws IOException {
    long nanos = ticker.getAsLong();
    Moment now = new Moment(nanos, looked ? nanos - lastLookNanos : Long.MAX_VALUE, wallClock);
    Set<String> seen = new HashSet<>();
    subdirectories.clear();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        seen.add(name);
        observe(name, file, now, seen);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    instances.keySet().retainAll(seen);
    temporaries.keySet().retainAll(seen);
    serviceConfig.look();
    lastLookNanos = nanos;
    looked = true;
  }

  /**
   * The live instances by file name, and the service config.
   *
   * @throws IOException if the directory holds services instead of instances
   */
  EndpointSet endpoints() throws IOException {
    if (instances.isEmpty() && !subdirectories.isEmpty()) {
      throw new IOException(holdsServices());
    }
    List<Endpoint> live = live();
    List<String> problems = new ArrayList<>();
    for (Instance instance : instances.values()) {
      addIfAny(problems, instance.problem());
      InstanceFile good = instance.good();
      addIfAny(problems, good == null ? "" : good.problem());
    }
    addIfAny(problems, serviceConfig.problem());
    if (live.isEmpty()) {
      problems.add("directory " + path + " holds no live instance" + ended());
    }
    return EndpointSet.of(live, problems).withServiceConfig(serviceConfig.config());
  }

  /** The live instances by file name, as of now. */
  List<Endpoint> live() {
    long now = ticker.getAsLong();
    List<Endpoint> live = new ArrayList<>();
    for (Instance instance : instances.values()) {
      Endpoint endpoint = instance.live(now);
      if (endpoint != null) {
        live.add(endpoint);
      }
    }
    return live;
  }

  /** Nanoseconds until the next lease ends; {@code otherwise} where that is sooner. */
  long nextEndNanos(long otherwise) {
    long now = ticker.getAsLong();
    long next = otherwise;
    for (Instance instance : instances.values()) {
      if (instance.live(now) != null) {
        next = Math.min(next, instance.leaseLeft(now) + 1);
      }
    }
    return next;
  }

  /**
   * Files that nobody has touched for so long, by this reader's own observation, that nobody will:
   * instances after {@code ttls} times their TTL and at least {@code atLeast}, temporary files
   * after {@code atLeast}.
   */
  List<Path> garbage(int ttls, Duration atLeast) {
    long now = ticker.getAsLong();
    List<Path> garbage = new ArrayList<>();
    instances.forEach(
        (name, instance) -> {
          InstanceFile good = instance.good();
          Duration ttl = good == null ? InstanceFile.DEFAULT_TTL : good.ttl();
          long bound = Math.max(ttl.multipliedBy(ttls).toNanos(), atLeast.toNanos());
          if (instance.unchangedFor(now) > bound) {
            garbage.add(path.resolve(name));
          }
        });
    temporaries.forEach(
        (name, firstSeen) -> {
          if (now - firstSeen > atLeast.toNanos()) {
            garbage.add(path.resolve(name));
          }
        });
    return garbage;
  }

  private void observe(String name, Path file, Moment now, Set<String> seen) {
    if (InstanceNames.isInstance(name)) {
      Instance instance = instances.computeIfAbsent(name, n -> new Instance(file, now.nanos()));
      try {
        instance.observe(FileVersion.of(file), now);
      } catch (NoSuchFileException goneMeanwhile) {
        seen.remove(name);
      } catch (IOException e) {
        // One file that cannot be looked at, such as a link to itself, hides no other.
        instance.unreadable(e);
      }
    } else if (InstanceNames.isTemporary(name)) {
      temporaries.putIfAbsent(name, now.nanos());
    } else if (!name.startsWith(".") && Files.isDirectory(file)) {
      subdirectories.add(name);
    }
  }

  private String holdsServices() {
    List<String> shown = subdirectories.stream().limit(SERVICES_SHOWN).toList();
    int more = subdirectories.size() - shown.size();
    return "directory %s holds no instances itself; did you mean %s? (services there: %s%s)"
        .formatted(
            path,
            "file://" + path.resolve(shown.get(0)).toUri().getRawPath().replaceAll("/$", ""),
            String.join(", ", shown),
            more > 0 ? " and " + more + " more" : "");
  }

  private String ended() {
    long now = ticker.getAsLong();
    long ended =
        instances.values().stream()
            .filter(each -> isInstance(each.good()) && each.leaseLeft(now) < 0)
            .count();
    return ended == 0 ? "" : " (" + ended + " no longer renew their lease)";
  }

  private static boolean isInstance(@Nullable InstanceFile file) {
    return file != null && file.endpoint() != null;
  }

  private static void addIfAny(List<String> problems, String problem) {
    if (!problem.isEmpty()) {
      problems.add(problem);
    }
  }
}
