package io.evenkeel.cli.console;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command prints: answers to standard output, everything else to standard error.
 *
 * <p>Thread-safe: each line is printed whole.
 */
public final class Console {
  private static final String STDERR_IS_TERMINAL = "evenkeel.stderr.terminal";

  /** What the system calls a pipe that nobody reads, also as a part of what it says elsewhere. */
  private static final String BROKEN_PIPE = "broken pipe";

  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
  private final RememberingStream written;
  private final PrintStream out;
  private final PrintStream err;
  private volatile boolean json;
  private volatile boolean verbose;

  /** Prints in UTF-8, whatever the locale says. */
  public Console(OutputStream out, OutputStream err) {
    this.written = new RememberingStream(out);
    this.out = new PrintStream(written, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, false, StandardCharsets.UTF_8);
  }

  /** The process's own standard output and error. */
  public static Console ofProcess() {
    return new Console(
        new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
  }

  /**
   * Prints one line of the answer.
   *
   * @throws OutputClosedException if nobody reads it, or it cannot be written
   */
  public void line(String line) {
    out.println(line);
    if (out.checkError()) {
      throw closed();
    }
  }

  private OutputClosedException closed() {
    IOException failure = written.failure();
    String reason = failure == null ? "" : String.valueOf(failure.getMessage());
    return reason.isEmpty() || reason.toLowerCase(Locale.ROOT).contains(BROKEN_PIPE)
        ? OutputClosedException.nobodyReads()
        : OutputClosedException.lost(reason);
  }

  /** Prints one line of the answer as compact JSON. */
  public void jsonLine(Object value) {
    line(toJson(value));
  }

  /** {@code value} as compact JSON. */
  public String toJson(Object value) {
    return gson.toJson(value);
  }

  /** Prints one line that is not part of the answer. */
  public void note(String line) {
    err.println(line);
    err.flush();
  }

  /** Prints {@code text} over the current line of standard error, without ending that line. */
  public void overwrite(String text) {
    err.print("\r\u001b[K" + text);
    err.flush();
  }

  /** Prints one line for {@code -v} only. */
  public void detail(String line) {
    if (verbose) {
      note(line);
    }
  }

  /** Prints {@code failure} with its stack trace for {@code -v} only. */
  public void trace(Throwable failure) {
    if (verbose) {
      failure.printStackTrace(err);
      err.flush();
    }
  }

  /**
   * Colours {@code text}, as in {@code @|green READY|@}, where the terminal and its user like it.
   */
  public static String coloured(String text) {
    return Ansi.AUTO.string(text);
  }

  /** Whether a person may be watching standard error; the launcher knows. */
  public boolean isStderrTerminal() {
    return Boolean.getBoolean(STDERR_IS_TERMINAL);
  }

  /** Whether the answer is wanted as JSON. */
  public boolean json() {
    return json;
  }

  /** Whether details and stack traces are wanted. */
  public boolean verbose() {
    return verbose;
  }

  /** Standard output, for libraries that want a writer. */
  public PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  /** Standard error, for libraries that want a writer. */
  public PrintWriter errWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  void json(boolean json) {
    this.json = json;
  }

  void verbose(boolean verbose) {
    this.verbose = verbose;
  }
}
