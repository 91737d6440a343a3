package io.evenkeel.cli;

import io.evenkeel.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of the command in this process: what it printed and how it ended. */
record CommandRun(int exitCode, String out, String err) {

  static CommandRun of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CommandRun run = into(out, args);
    return new CommandRun(run.exitCode, out.toString(StandardCharsets.UTF_8), run.err);
  }

  /** A run that prints to {@code out}. */
  static CommandRun into(OutputStream out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Main.run(new Console(out, err), args);
    return new CommandRun(exitCode, "", err.toString(StandardCharsets.UTF_8));
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
