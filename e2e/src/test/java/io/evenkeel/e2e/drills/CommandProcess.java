package io.evenkeel.e2e.drills;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One run of the {@code evenkeel} command as a process of its own. Ended by its process id when
 * closed.
 */
final class CommandProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> arguments;
  private final Process process;
  private final Output out;
  private final Output err;

  private CommandProcess(List<String> arguments, Process process) {
    this.arguments = arguments;
    this.process = process;
    this.out = new Output(process.getInputStream());
    this.err = new Output(process.getErrorStream());
  }

  /** Starts {@code evenkeel arguments…} with {@code environment} added to this process's own. */
  static CommandProcess start(Map<String, String> environment, List<String> arguments) {
    // A build that a script runs in the background ignores SIGINT, and so would this.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(CommandJvm.commandLine());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    try {
      return new CommandProcess(arguments, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code evenkeel arguments…}. */
  static CommandProcess start(String... arguments) {
    return start(Map.of(), List.of(arguments));
  }

  /** Runs {@code evenkeel arguments…} to its end. */
  static CommandProcess run(String... arguments) {
    CommandProcess command = start(arguments);
    command.exitCode();
    return command;
  }

  /** Waits for the end; answers the exit code. */
  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + PATIENCE + ": " + this);
      }
      out.awaitEnd();
      err.awaitEnd();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Waits for the first line on standard output that {@code matches}, also one that came before.
   */
  String awaitLine(Predicate<String> matches) {
    return out.await(matches, PATIENCE)
        .orElseThrow(() -> new AssertionError("the line did not come: " + this));
  }

  /** Waits for the first such line on standard error, also one that came before. */
  String awaitErrorLine(Predicate<String> matches) {
    return err.await(matches, PATIENCE)
        .orElseThrow(() -> new AssertionError("the line did not come: " + this));
  }

  List<String> lines() {
    return out.lines();
  }

  String errors() {
    return String.join("\n", err.lines());
  }

  /** Sends a signal, such as {@code STOP} or {@code KILL}. */
  void signal(String signal) {
    try {
      int sent =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (sent != 0) {
        throw new AssertionError("signal " + signal + " could not be sent to " + this);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The processes that it has started, and theirs. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return "evenkeel "
        + String.join(" ", arguments)
        + "\n--- standard output\n"
        + String.join("\n", out.lines())
        + "\n--- standard error\n"
        + errors();
  }

  /** Collects the lines of one stream as they come. */
  private static final class Output {
    private final List<String> lines = new ArrayList<>(); // guarded by this
    private final Thread reader;
    private boolean ended; // guarded by this

    Output(InputStream stream) {
      reader = new Thread(() -> read(stream), "process output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (BufferedReader source =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = source.readLine(); line != null; line = source.readLine()) {
          add(line);
        }
      } catch (IOException e) {
        add("(the stream broke: " + e.getMessage() + ")");
      } finally {
        end();
      }
    }

    private synchronized void add(String line) {
      lines.add(line);
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    void awaitEnd() throws InterruptedException {
      reader.join(PATIENCE.toMillis());
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }

    synchronized Optional<String> await(Predicate<String> matches, Duration patience) {
      long startNanos = System.nanoTime();
      try {
        while (lines.stream().noneMatch(matches) && !ended) {
          long leftMillis = patience.toMillis() - (System.nanoTime() - startNanos) / 1_000_000;
          if (leftMillis <= 0) {
            return Optional.empty();
          }
          wait(leftMillis);
        }
        return lines.stream().filter(matches).findFirst();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
