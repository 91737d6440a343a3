package io.evenkeel.cli.console;

import io.evenkeel.Targets;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Ends a command with a message for its user and an exit code for the shell. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The command could not do what it was asked. */
  public static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message, null);
  }

  /** The command could not do what it was asked because of {@code cause}. */
  public static CommandException failed(String message, Throwable cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }

  /** The command line, or a file it names, was wrong. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message, null);
  }

  /** The target on the command line was wrong in the way that {@code reason} says. */
  public static CommandException target(String target, Throwable reason) {
    String message = String.valueOf(reason.getMessage());
    return usage(
        message.contains("target \"") || message.contains(target)
            ? message
            : "target \"" + Targets.redact(target) + "\": " + message);
  }

  /** A call that the command needed ended with {@code status}. */
  public static CommandException status(String message, Status status) {
    return new CommandException(ExitCode.of(status.getCode()), message, status.getCause());
  }

  /** What the process says to the shell. */
  public int exitCode() {
    return exitCode;
  }
}
