package io.evenkeel.cli;

import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.Logging;
import io.evenkeel.cli.console.OutputClosedException;
import io.evenkeel.cli.console.UriConverter;
import io.evenkeel.config.NearestName;
import io.evenkeel.registration.RegistrationException;
import java.net.URI;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the process starts and ends. */
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Console.ofProcess(), args));
  }

  /** Runs one command and answers its exit code. */
  static int run(Console console, String... args) {
    IExecutionStrategy withLogging =
        parsed -> {
          Logging.configure(console);
          return new RunLast().execute(parsed);
        };
    return EvenkeelCommand.commandLine(console)
        .setOut(console.outWriter())
        .setErr(console.errWriter())
        .registerConverter(URI.class, new UriConverter())
        .setUsageHelpAutoWidth(false)
        .setExecutionStrategy(withLogging)
        .setParameterExceptionHandler((error, unused) -> usage(console, error))
        .setExecutionExceptionHandler((error, unused, parsed) -> failure(console, error))
        .execute(args);
  }

  private static int usage(Console console, ParameterException error) {
    CommandSpec command = error.getCommandLine().getCommandSpec();
    String message =
        error instanceof UnmatchedArgumentException unmatched
            ? unknown(unmatched.getUnmatched().get(0), command)
            : String.valueOf(error.getMessage());
    console.note("error: " + message);
    console.note("Try '" + command.qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static String unknown(String word, CommandSpec command) {
    boolean option = word.startsWith("-");
    Set<String> known = option ? command.optionsMap().keySet() : commands(command);
    if (!option && known.isEmpty()) {
      return "one argument too many: '" + word + "'";
    }
    return (option ? "unknown option '" : "unknown command '")
        + word
        + "' "
        + NearestName.hint(word, new TreeSet<>(known));
  }

  private static Set<String> commands(CommandSpec command) {
    Set<String> shown = new TreeSet<>();
    command
        .subcommands()
        .forEach(
            (name, each) -> {
              if (!each.getCommandSpec().usageMessage().hidden()) {
                shown.add(name);
              }
            });
    return shown;
  }

  private static int failure(Console console, Exception error) {
    if (error instanceof OutputClosedException closed && closed.exitCode() == ExitCode.OK) {
      return ExitCode.OK;
    }
    console.note("error: " + message(error));
    console.trace(error);
    return error instanceof CommandException expected ? expected.exitCode() : ExitCode.FAILED;
  }

  private static String message(Exception error) {
    // The message of what we did not foresee makes no sense without its type.
    boolean foreseen =
        error instanceof CommandException
            || error instanceof RegistrationException
            || error instanceof OutputClosedException;
    return foreseen ? String.valueOf(error.getMessage()) : error.toString();
  }
}
