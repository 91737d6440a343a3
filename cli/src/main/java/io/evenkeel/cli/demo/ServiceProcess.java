package io.evenkeel.cli.demo;

import io.evenkeel.cli.console.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One service that runs in a process of its own. Thread-safe. */
final class ServiceProcess {
  private static final String LISTENING = " listening on ";

  private final String id;
  private final Process process;
  private final Consumer<String> complaints;
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private volatile boolean stopping;

  /** Takes over {@code process}; each line of its standard error goes to {@code complaints}. */
  ServiceProcess(String id, Process process, Consumer<String> complaints) {
    this.id = id;
    this.process = process;
    this.complaints = complaints;
    read("output", this::readOutput);
    read("errors", this::readErrors);
  }

  private void read(String what, Runnable reader) {
    Thread thread = new Thread(reader, "evenkeel-" + what + "-" + id);
    thread.setDaemon(true);
    thread.start();
  }

  String id() {
    return id;
  }

  long pid() {
    return process.pid();
  }

  /** Completed when the process has ended, with its exit code. */
  CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /**
   * Waits until it takes calls and is registered, and answers where it listens.
   *
   * @throws CommandException if it ends before, or takes longer than {@code timeout}
   */
  String awaitReady(Duration timeout) throws InterruptedException {
    try {
      return address.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw CommandException.failed(id + " did not start: it ended with code " + exitCode());
    } catch (TimeoutException e) {
      throw CommandException.failed(id + " did not start within " + timeout.toSeconds() + " s");
    }
  }

  /** Whether it has taken calls. */
  boolean hasBeenReady() {
    return address.isDone() && !address.isCompletedExceptionally();
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  /** Asks it to end in order. */
  void stop() {
    stopping = true;
    process.destroy();
  }

  /** Waits until it has ended, and ends it at once if it has not within {@code timeout}. */
  void awaitEnd(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private String exitCode() throws InterruptedException {
    return process.waitFor(1, TimeUnit.SECONDS) ? "" + process.exitValue() : "unknown";
  }

  private void readOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int listening = line.indexOf(LISTENING);
        if (listening >= 0) {
          address.complete(line.substring(listening + LISTENING.length()));
        }
      }
      address.completeExceptionally(new IOException("ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  private void readErrors() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // How it stops when it is told to is no complaint.
        if (!stopping) {
          complaints.accept(id + ": " + line);
        }
      }
    } catch (IOException e) {
      if (stopping) {
        return;
      }
      complaints.accept(id + ": its errors cannot be read: " + e.getMessage());
    }
  }
}
