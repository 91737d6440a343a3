package io.evenkeel.cli.check;

import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks a service config file. */
@Command(
    name = "check",
    description = {
      "Find in a service config what gRPC would skip silently, refuse, or not do.",
      "Exits with 1 if there is anything.",
      ""
    })
public final class CheckCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "<service-config.json>", description = "The file to check.")
  private Path file = Path.of("");

  public CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Finding> findings = ServiceConfigLinter.check(read());
    for (Finding finding : findings) {
      if (console.json()) {
        console.jsonLine(finding);
      } else {
        console.line(file + ": " + finding);
      }
    }
    if (findings.isEmpty() && !console.json()) {
      console.line(file + ": nothing to complain about");
    }
    return findings.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private String read() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandException.usage(file + " cannot be read: " + FileProblem.of(e));
    }
  }
}
