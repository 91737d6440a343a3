package io.evenkeel.cli.console;

/** Nobody reads standard output any more, as after {@code | head -1}: the command ends quietly. */
public final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputClosedException() {
    super("standard output is closed");
  }
}
