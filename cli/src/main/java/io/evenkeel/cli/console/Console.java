package io.evenkeel.cli.console;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command prints: answers to standard output, everything else to standard error.
 *
 * <p>Thread-safe: each line is printed whole.
 */
public final class Console {
  private static final String STDERR_IS_TERMINAL = "evenkeel.stderr.terminal";

  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
  private final PrintStream out;
  private final PrintStream err;
  private volatile boolean json;
  private volatile boolean verbose;

  public Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** The process's own standard output and error, in UTF-8 whatever the locale says. */
  public static Console ofProcess() {
    return new Console(stream(FileDescriptor.out), stream(FileDescriptor.err));
  }

  /** Prints one line of the answer, and throws {@link OutputClosedException} if nobody reads it. */
  public void line(String line) {
    out.println(line);
    if (out.checkError()) {
      throw new OutputClosedException();
    }
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

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
