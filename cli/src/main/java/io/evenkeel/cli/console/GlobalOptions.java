package io.evenkeel.cli.console;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command understands, before or after its name. */
public final class GlobalOptions {
  private final Console console;

  public GlobalOptions(Console console) {
    this.console = console;
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  void help(boolean help) {
    // The parser itself acts on it.
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print answers as JSON, one object a line.")
  void json(boolean json) {
    console.json(json);
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Print details, logs and stack traces to standard error.")
  void verbose(boolean verbose) {
    console.verbose(verbose);
  }
}
