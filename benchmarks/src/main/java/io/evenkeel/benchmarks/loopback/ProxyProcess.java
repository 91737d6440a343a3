package io.evenkeel.benchmarks.loopback;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A running {@link Proxy} with a folder of its own. Closing it ends the process and the folder. */
final class ProxyProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final long STOP_SECONDS = 5;
  private static final String LOG = "output.log";

  private final Path folder;
  private final int port;
  private final Process process;
  private final Thread atExit = new Thread(this::stop, "stop-proxy");

  private ProxyProcess(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts {@code program} in front of {@code servers}; returns once it listens. */
  static ProxyProcess start(Proxy proxy, Path program, List<String> servers)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("evenkeel-" + proxy.program());
    int port = freePort();
    Files.writeString(folder.resolve(Proxy.CONFIG), proxy.config(port, servers));
    Process process =
        new ProcessBuilder(proxy.command(program, folder))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(LOG).toFile())
            .start();
    ProxyProcess started = new ProxyProcess(folder, port, process);
    try {
      started.awaitListening();
      return started;
    } catch (IOException | RuntimeException failed) {
      started.close();
      throw failed;
    }
  }

  /** Where it listens. */
  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
    deleteFolder();
  }

  private void deleteFolder() throws IOException {
    List<Path> parentsFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      parentsFirst = files.toList();
    }
    for (int i = parentsFirst.size() - 1; i >= 0; i--) {
      Files.delete(parentsFirst.get(i));
    }
  }

  /** Asks it to end, then ends it with the workers that it started. */
  private void stop() {
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroy();
    try {
      if (process.waitFor(STOP_SECONDS, SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    workers.forEach(ProcessHandle::destroyForcibly);
  }

  private void awaitListening() throws IOException {
    long startNanos = System.nanoTime();
    while (!listens()) {
      boolean late = System.nanoTime() - startNanos > START.toNanos();
      if (late || !process.isAlive()) {
        throw new IOException(
            "the proxy does not listen on %s; it says: %s"
                .formatted(address(), Files.readString(folder.resolve(LOG))));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** A port that nobody listens on now; that nobody takes it before the proxy does is likely. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
