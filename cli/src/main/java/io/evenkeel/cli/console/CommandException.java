package io.evenkeel.cli.console;

import io.evenkeel.Targets;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Ends a command with a message for its user and an exit code for the shell. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How gRPC says that no resolver knows a target. */
  private static final String NO_RESOLVER = "Could not find a NameResolverProvider";

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
    if (message.startsWith(NO_RESOLVER)) {
      return unknownScheme(target);
    }
    boolean named =
        message.contains("target \"") || (!target.isEmpty() && message.contains(target));
    return usage(named ? message : "target \"" + Targets.redact(target) + "\": " + message);
  }

  /** No resolver knows the target; the message names the schemes that some resolver knows. */
  public static CommandException unknownScheme(String target) {
    Set<String> schemes = new TreeSet<>();
    ServiceLoader.load(NameResolverProvider.class).forEach(each -> schemes.add(each.getScheme()));
    return usage(
        "target \"%s\": no resolver knows it (schemes: %s)"
            .formatted(Targets.redact(target), schemes));
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
