package io.evenkeel.benchmarks.loopback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of this class path that prints one line, and ends with its parent at the latest. */
final class ChildProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 10;

  private final String name;
  private final Process process;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  static ChildProcess start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms1g", "-Xmx2g", "-XX:+UseParallelGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new ChildProcess(main.getSimpleName(), process);
  }

  /** Waits for the line. */
  String line() throws IOException {
    BufferedReader output = process.inputReader(UTF_8);
    String line = output.readLine();
    if (line == null) {
      throw new IOException(name + " ended without a word");
    }
    return line;
  }

  /** For the child: waits until the parent closes its end, or is gone. */
  static void awaitParent() throws IOException {
    while (System.in.read() >= 0) {
      // What the parent says means nothing.
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(STOP_SECONDS, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
