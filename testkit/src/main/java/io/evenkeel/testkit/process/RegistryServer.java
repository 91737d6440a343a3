package io.evenkeel.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A registry on loopback, or one member of it. It keeps its ports when it is killed and started
 * again; whether it keeps its data depends on the registry. Not thread-safe.
 */
public abstract class RegistryServer implements AutoCloseable {
  private final Identity identity;
  private final Path directory;
  private int starts;
  private @Nullable ServerProcess process;

  /**
   * What the registry is known by.
   *
   * @param scheme of its URIs, such as {@code etcd}
   * @param member what messages call it among others of its kind
   * @param port where clients connect to
   */
  record Identity(String scheme, String member, int port) {}

  /** One that is not started yet, with its logs in {@code directory}. */
  RegistryServer(Identity identity, Path directory) {
    this.identity = identity;
    this.directory = directory;
  }

  /** Writes what it reads at its start, and returns the command that starts it. */
  abstract List<String> command() throws IOException;

  /** Where it stores what it knows, if it does. */
  final Path data() {
    return directory.resolve("data");
  }

  /** Waits until it takes requests, which a member of a cluster does once there is a leader. */
  public abstract void awaitServing() throws Exception;

  /** Starts it, for the first time or on the ports it had. Does not wait until it serves. */
  public final void launch() throws IOException {
    Files.createDirectories(directory);
    process =
        ServerProcess.start(
            identity.scheme + " " + identity.member,
            command(),
            directory.resolve("log-" + ++starts + ".txt"));
  }

  /** The process, for signals. */
  public final ServerProcess process() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  /** Where clients connect to: {@code 127.0.0.1:} and the port. */
  public final String address() {
    return "127.0.0.1:" + identity.port;
  }

  /** The URI of the registry, which has no path: {@code etcd://127.0.0.1:2379}. */
  public final String uri() {
    return identity.scheme + "://" + address();
  }

  /** Kills it, with no chance to say goodbye; {@link #launch} starts it again. */
  public final void kill() {
    process().kill();
  }

  /** Deletes what it has stored, while it is down. */
  public final void deleteData() throws IOException {
    try (Stream<Path> files = Files.walk(data())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Kills it: nobody wants its data, and one that is asked to stop may look for an heir first. */
  @Override
  public final void close() {
    if (process != null) {
      process.kill();
    }
  }
}
