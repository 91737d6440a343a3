package io.evenkeel.cli.demo;

import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.FileProblem;
import io.evenkeel.registration.Registrars;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the services of a demo register: a directory made for it, or a registry that the user
 * names.
 *
 * @param uri what servers are given
 * @param ownDirectory removed at the end; null if the registry is the user's
 */
record DemoRegistry(URI uri, @Nullable Path ownDirectory) implements AutoCloseable {

  /** The registry at {@code uri}, or a fresh directory if there is none. */
  static DemoRegistry open(@Nullable URI uri) {
    if (uri != null) {
      requireKnown(uri);
      return new DemoRegistry(uri, null);
    }
    try {
      Path directory = Files.createTempDirectory("evenkeel-demo-");
      String path = directory.toUri().getRawPath();
      return new DemoRegistry(URI.create("file://" + withoutSlash(path)), directory);
    } catch (IOException e) {
      throw CommandException.failed(
          "the registry needs a directory in %s: %s"
              .formatted(System.getProperty("java.io.tmpdir"), FileProblem.of(e)),
          e);
    }
  }

  /** Four processes need not start to find that it is misspelt. */
  private static void requireKnown(URI uri) {
    try {
      Registrars.open(uri).close();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--registry: " + e.getMessage());
    }
  }

  /** What clients of {@code service} resolve. */
  String target(String service) {
    String base = uri.toString();
    int query = base.indexOf('?');
    String path = query < 0 ? base : base.substring(0, query);
    return withoutSlash(path) + "/" + service;
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  @Override
  public void close() {
    if (ownDirectory == null || !Files.exists(ownDirectory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(ownDirectory)) {
      List<Path> innermostFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innermostFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw CommandException.failed("the registry stays behind: " + e.getMessage(), e);
    }
  }
}
