package io.evenkeel.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that runs as a process of its own, with all it prints in a file. It is signalled by its
 * process id only. Not thread-safe.
 */
public final class ServerProcess implements AutoCloseable {
  /** Bound on starts and orderly stops; only a failing test waits so long. */
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** Below are the ports of well-known servers. */
  private static final int FIRST_PORT = 12_000;

  /** Where Linux begins to take ports for outgoing connections, unless it is told otherwise. */
  private static final int FIRST_OUTGOING_PORT = 32_768;

  private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

  private final String name;
  private final Process process;
  private final Path log;

  private ServerProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts {@code command}; what it prints goes to {@code log}.
   *
   * @param name what messages call it
   */
  public static ServerProcess start(String name, List<String> command, Path log)
      throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    return new ServerProcess(name, process, log);
  }

  /**
   * Ports on loopback that were free a moment ago, all different. The system takes none of them for
   * outgoing connections, so a server that is killed finds its port free when it comes back.
   */
  public static List<Integer> freePorts(int count) {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, FIRST_OUTGOING_PORT);
      if (isFree(port)) {
        ports.add(port);
      }
    }
    return List.copyOf(ports);
  }

  private static boolean isFree(int port) {
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * Waits until it has printed {@code text}.
   *
   * @throws AssertionError with what it printed, if it ends or takes too long
   */
  public void awaitOutput(String text) {
    long start = System.nanoTime();
    while (!output().contains(text)) {
      if (!process.isAlive()) {
        throw new AssertionError(name + " ended: " + output());
      }
      if (System.nanoTime() - start > BOUND.toNanos()) {
        throw new AssertionError(
            name + " did not print \"" + text + "\" within " + BOUND + ": " + output());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** What it has printed so far. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs, or is paused. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Stops it in its tracks (SIGSTOP): its connections stay open and silent. */
  public void pause() throws IOException {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() throws IOException {
    signal("CONT");
  }

  /** Asks it to read its configuration again (SIGHUP). */
  public void hangUp() throws IOException {
    signal("HUP");
  }

  /** Kills it (SIGKILL) and waits for its end. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Stops it orderly, or kills it if that takes too long. Safe to call twice. */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    try {
      // A paused process does not hear SIGTERM.
      resume();
    } catch (IOException e) {
      process.destroyForcibly();
    }
    process.destroy();
    awaitEnd();
  }

  private void signal(String signal) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!ended(kill) || kill.exitValue() != 0) {
      throw new IOException("could not send SIG" + signal + " to " + name);
    }
  }

  private void awaitEnd() {
    if (!ended(process)) {
      process.destroyForcibly();
      ended(process);
    }
  }

  /** Waits for the end of {@code process}, also where the test is interrupted. */
  private static boolean ended(Process process) {
    long start = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - start < BOUND.toNanos()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    return !process.isAlive();
  }
}
