package io.evenkeel.e2e.drills;

import io.evenkeel.ChannelBuilder;
import io.evenkeel.Evenkeel;
import io.evenkeel.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Services as processes of their own, in a directory registry of their own. */
final class Cluster implements AutoCloseable {
  private final String service;
  private final Path registry;
  private final Map<String, CommandProcess> instances = new LinkedHashMap<>();

  private Cluster(String service) {
    this.service = service;
    try {
      this.registry = Files.createTempDirectory("evenkeel-drill");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Order services named {@code ids}, started and registered. */
  static Cluster ofOrders(String... ids) {
    Cluster cluster = new Cluster("order");
    // All at once: a JVM takes its time to start.
    for (String id : ids) {
      cluster.launch(id, Map.of());
    }
    cluster.instances.values().forEach(Cluster::awaitListening);
    return cluster;
  }

  /** A cluster without instances yet. */
  static Cluster empty(String service) {
    return new Cluster(service);
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
    return registry.resolve(service + "-service").toUri().toString();
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
    try (Stream<Path> files = Files.walk(registry)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CommandProcess launch(String id, Map<String, String> environment, String... options) {
    List<String> arguments = new ArrayList<>(List.of("serve", service, "--id", id));
    arguments.addAll(List.of("--registry", registry.toUri().toString()));
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

  private static String awaitListening(CommandProcess process) {
    return process.awaitLine(line -> line.contains(" listening on "));
  }
}
