package io.evenkeel.e2e.drills;

import io.evenkeel.ChannelBuilder;
import io.evenkeel.Evenkeel;
import io.evenkeel.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Services as processes of their own, in a registry of their own. */
final class Cluster implements AutoCloseable {
  private final String service;
  private final Registry registry;
  private final Map<String, CommandProcess> instances = new LinkedHashMap<>();

  /**
   * Where the instances register.
   *
   * @param options for their {@code serve} command
   * @param targets what targets begin with, to the name of the service
   * @param directory deleted with the cluster, if there is one
   */
  private record Registry(List<String> options, String targets, @Nullable Path directory) {

    static Registry inDirectory() {
      try {
        Path directory = Files.createTempDirectory("evenkeel-drill");
        String uri = directory.toUri().toString();
        return new Registry(List.of("--registry", uri), uri, directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static Registry at(String uri, Duration ttl) {
      String settings = "?loopback=allow&ttl=" + ttl.toSeconds() + "s";
      List<String> options = List.of("--registry", uri + settings, "--advertise", "127.0.0.1");
      return new Registry(options, uri + "/", null);
    }
  }

  private Cluster(String service, Registry registry) {
    this.service = service;
    this.registry = registry;
  }

  /** Order services named {@code ids}, started and registered. */
  static Cluster ofOrders(String... ids) {
    return ofOrders(Map.of(), ids);
  }

  /** Order services named {@code ids} with {@code environment}, started and registered. */
  static Cluster ofOrders(Map<String, String> environment, String... ids) {
    return empty("order").startAll(environment, ids);
  }

  /** Order services named {@code ids}, started and registered in the registry at {@code uri}. */
  static Cluster ofOrders(String uri, Duration ttl, String... ids) {
    return new Cluster("order", Registry.at(uri, ttl)).startAll(Map.of(), ids);
  }

  /** A cluster without instances yet. */
  static Cluster empty(String service) {
    return new Cluster(service, Registry.inDirectory());
  }

  private Cluster startAll(Map<String, String> environment, String... ids) {
    // All at once: a JVM takes its time to start.
    for (String id : ids) {
      launch(id, environment);
    }
    instances.values().forEach(Cluster::awaitListening);
    return this;
  }

  /** Starts one more instance, or one again, with {@code options} for its {@code serve} command. */
  CommandProcess start(String id, Map<String, String> environment, String... options) {
    CommandProcess process = launch(id, environment, options);
    awaitListening(process);
    return process;
  }

  CommandProcess instance(String id) {
    return instances.get(id);
  }

  /** What a client dials to reach all instances. */
  String target() {
    return registry.targets + service + "-service";
  }

  /** A client in this process that retries. */
  ChannelBuilder channel() {
    return Evenkeel.channel(target()).plaintext().retries(RetryPolicy.onUnavailable(4));
  }

  /** The address on which {@code process} says it listens. */
  static String addressOf(CommandProcess process) {
    String line = awaitListening(process);
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  @Override
  public void close() {
    instances.values().forEach(CommandProcess::close);
    if (registry.directory != null) {
      delete(registry.directory);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one more instance; does not wait until it is registered. */
  CommandProcess launch(String id, Map<String, String> environment, String... options) {
    List<String> arguments = new ArrayList<>(List.of("serve", service, "--id", id));
    arguments.addAll(registry.options);
    arguments.addAll(List.of(options));
    Map<String, String> named = new LinkedHashMap<>(environment);
    named.put("INSTANCE_ID", id);
    CommandProcess process = CommandProcess.start(named, arguments);
    CommandProcess earlier = instances.put(id, process);
    if (earlier != null) {
      earlier.close();
    }
    return process;
  }

  static String awaitListening(CommandProcess process) {
    return process.awaitLine(line -> line.contains(" listening on "));
  }
}
