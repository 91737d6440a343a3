package io.evenkeel.cli;

import io.evenkeel.cli.call.CallCommand;
import io.evenkeel.cli.check.CheckCommand;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.GlobalOptions;
import io.evenkeel.cli.demo.DemoCommand;
import io.evenkeel.cli.discovery.RegistryCommand;
import io.evenkeel.cli.discovery.ResolveCommand;
import io.evenkeel.cli.discovery.WatchCommand;
import io.evenkeel.cli.serve.GatewayCommand;
import io.evenkeel.cli.serve.ServeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand, and the list of all subcommands. */
@Command(
    name = "evenkeel",
    description = "Client-side load balancing for gRPC: try it, call through it, look into it.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:not done, or something to complain about",
      " 2:the command line was wrong",
      "64+:64 plus the number of the gRPC status that a call ended with",
      "130:interrupted"
    })
final class EvenkeelCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** All commands, printing to {@code console}. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new EvenkeelCommand())
        .addMixin("global", new GlobalOptions(console))
        .addSubcommand(new DemoCommand(console, Main.class))
        .addSubcommand(ServeCommand.commandLine(console))
        .addSubcommand(new GatewayCommand(console))
        .addSubcommand(new CallCommand(console))
        .addSubcommand(new ResolveCommand(console))
        .addSubcommand(new WatchCommand(console))
        .addSubcommand(new CheckCommand(console))
        .addSubcommand(new RegistryCommand(console))
        .addSubcommand(new TrainCommand());
  }

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  void version(boolean version) {
    // The parser itself acts on it.
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
