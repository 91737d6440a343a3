package io.evenkeel.benchmarks.loopback;

import com.google.gson.Gson;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures how long a new client takes to use very many endpoints, and writes {@code
 * cold-client.md} into the folder that its first argument names. {@code --fast} as second argument
 * takes fewer endpoints, once.
 */
public final class ColdClient {
  /**
   * The same policy: one that chooses by chance takes many more calls to reach the last endpoint.
   */
  private static final List<Route> ROUTES =
      List.of(Route.EVENKEEL_ROUND_ROBIN, Route.GRPC_ROUND_ROBIN);

  private static final int FULL_ENDPOINTS = 10_000;
  private static final int FULL_REPETITIONS = 3;
  private static final int FAST_ENDPOINTS = 2_000;

  /** File descriptors that a process needs beside its connections. */
  private static final int OTHER_FILES = 500;

  private final int endpoints;
  private final int repetitions;

  ColdClient(int endpoints, int repetitions) {
    this.endpoints = endpoints;
    this.repetitions = repetitions;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("usage: ColdClient RESULTS_FOLDER [--fast]");
    }
    Path folder = Path.of(arguments[0]);
    boolean fast = List.of(arguments).contains("--fast");
    int endpoints = Math.min(fast ? FAST_ENDPOINTS : FULL_ENDPOINTS, maxConnections());
    String page = new ColdClient(endpoints, fast ? 1 : FULL_REPETITIONS).measure();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("cold-client.md"), page);
  }

  String measure() throws IOException {
    Path list = Files.createTempFile("evenkeel-endpoints", ".json");
    Path single = Files.createTempFile("evenkeel-endpoint", ".json");
    try (ChildProcess server = ChildProcess.start(ManyAddressServer.class)) {
      int port = Integer.parseInt(server.line());
      Files.writeString(list, json(endpoints, port));
      Files.writeString(single, json(1, port));
      ColdClientPage page = new ColdClientPage(endpoints);
      // The server has to be warm for the first client as it is for the last.
      run(Route.GRPC_ROUND_ROBIN, Start.NEW, list, single);
      for (int i = 0; i < repetitions; i++) {
        for (Start start : Start.values()) {
          for (Route route : ROUTES) {
            // It is still busy with the connections of the client before.
            server.ask();
            page.add(start, route, run(route, start, list, single));
          }
        }
      }
      return page.render();
    } finally {
      Files.delete(list);
      Files.delete(single);
    }
  }

  private FirstAnswers run(Route route, Start start, Path list, Path single) throws IOException {
    try (ChildProcess client =
        ChildProcess.start(
            ColdClientProcess.class,
            route.name(),
            start.name(),
            list.toUri().toString(),
            Integer.toString(endpoints),
            single.toUri().toString())) {
      return FirstAnswers.parse(client.line());
    }
  }

  /** A list file as Evenkeel's file discovery reads it. */
  private static String json(int endpoints, int port) {
    List<Map<String, String>> list =
        IntStream.range(0, endpoints)
            .mapToObj(i -> ManyAddressServer.address(i).getHostAddress() + ":" + port)
            .map(address -> Map.of("address", address))
            .toList();
    return new Gson().toJson(Map.of("endpoints", list));
  }

  private static int maxConnections() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount()) - OTHER_FILES
        : Integer.MAX_VALUE;
  }
}
