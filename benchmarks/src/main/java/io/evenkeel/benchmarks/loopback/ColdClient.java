package io.evenkeel.benchmarks.loopback;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures how long a new client takes to use very many endpoints, and writes {@code
 * cold-client.md} into the folder that its first argument names. {@code --fast} after it takes
 * fewer endpoints, once; {@code --tls} secures the connections and writes {@code
 * cold-client-tls.md}.
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

  private final Security security;
  private final int endpoints;
  private final int repetitions;

  ColdClient(Security security, int endpoints, int repetitions) {
    this.security = security;
    this.endpoints = endpoints;
    this.repetitions = repetitions;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("usage: ColdClient RESULTS_FOLDER [--fast] [--tls]");
    }
    Path folder = Path.of(arguments[0]);
    boolean fast = List.of(arguments).contains("--fast");
    Security security = List.of(arguments).contains("--tls") ? Security.TLS : Security.PLAIN_TEXT;
    int endpoints = Math.min(fast ? FAST_ENDPOINTS : FULL_ENDPOINTS, maxConnections());
    String page = new ColdClient(security, endpoints, fast ? 1 : FULL_REPETITIONS).measure();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(security.page()), page);
  }

  String measure() throws IOException {
    try (ColdClientFiles files = new ColdClientFiles(security);
        ChildProcess server =
            ChildProcess.start(ManyAddressServer.class, security.name(), files.secret())) {
      files.list(endpoints, Integer.parseInt(server.line()));
      ColdClientPage page = new ColdClientPage(security, endpoints);
      // The server has to be warm for the first client as it is for the last.
      run(Route.GRPC_ROUND_ROBIN, Start.NEW, files, server);
      for (int i = 0; i < repetitions; i++) {
        for (Start start : Start.values()) {
          for (Route route : ROUTES) {
            page.add(start, route, run(route, start, files, server));
          }
        }
      }
      return page.render();
    }
  }

  private ColdRun run(Route route, Start start, ColdClientFiles files, ChildProcess server)
      throws IOException {
    FirstAnswers answers = runClient(route, start, files);
    // It says so when it has let go of the client's connections, and is ready for the next.
    return new ColdRun(answers, Integer.parseInt(server.ask()));
  }

  private FirstAnswers runClient(Route route, Start start, ColdClientFiles files)
      throws IOException {
    try (ChildProcess client =
        ChildProcess.start(
            ColdClientProcess.class,
            route.name(),
            start.name(),
            files.all(),
            Integer.toString(endpoints),
            files.one(),
            security.name(),
            files.secret())) {
      return FirstAnswers.parse(client.line());
    }
  }

  private static int maxConnections() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount()) - OTHER_FILES
        : Integer.MAX_VALUE;
  }
}
