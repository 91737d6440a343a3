package io.evenkeel.cli.console;

/** Nothing can be printed any more: who read it has left, or there is no room for it. */
public final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private OutputClosedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The reader has what it wanted, as {@code head} has after some lines. */
  static OutputClosedException nobodyReads() {
    return new OutputClosedException(ExitCode.OK, "standard output is closed");
  }

  /** The answer is lost for {@code reason}. */
  static OutputClosedException lost(String reason) {
    return new OutputClosedException(
        ExitCode.FAILED, "standard output cannot be written: " + reason);
  }

  /** What the process says to the shell. */
  public int exitCode() {
    return exitCode;
  }
}
