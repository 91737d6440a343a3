package io.evenkeel.cli.console;

import io.grpc.Status;

/** What the process says to the shell. */
public final class ExitCode {
  /** Everything was as asked. */
  public static final int OK = 0;

  /** The command did not do what it was asked, or found something to complain about. */
  public static final int FAILED = 1;

  /** The command line was wrong. */
  public static final int USAGE = 2;

  /** The user pressed Ctrl-C. */
  public static final int INTERRUPTED = 130;

  private static final int STATUS_BASE = 64;

  private ExitCode() {}

  /** A call ended with {@code status}: 64 plus its number, 0 for OK. */
  public static int of(Status.Code status) {
    return status == Status.Code.OK ? OK : STATUS_BASE + status.value();
  }
}
