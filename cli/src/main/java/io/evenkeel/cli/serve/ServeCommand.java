package io.evenkeel.cli.serve;

import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.server.settings.Setting;
import io.evenkeel.server.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one of the demo services. */
@Command(
    name = "serve",
    abbreviateSynopsis = true,
    description = {
      "Run one of the demo services until Ctrl-C or SIGTERM, and leave in order.",
      "",
      "Every setting can also stand in the environment, as EVENKEEL_DRAIN_DELAY, and in the file"
          + " that --config names. Flags win over the environment, the environment over the file.",
      ""
    })
public final class ServeCommand implements Callable<Integer> {
  private static final Duration IMPATIENCE = Duration.ofSeconds(5);

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "<service>", description = "echo, greeter, hello or order.")
  private String service = "";

  @Option(
      names = {"--config", "--settings"},
      paramLabel = "FILE",
      description = "A YAML file with settings.")
  private @Nullable Path config;

  @Option(names = "--exit-with-parent", hidden = true)
  private boolean exitWithParent;

  private ServeCommand(Console console) {
    this.console = console;
  }

  /** The command with a flag for each setting of a server. */
  public static CommandLine commandLine(Console console) {
    CommandLine serve = new CommandLine(new ServeCommand(console));
    for (Setting<?> setting : ServerSetting.all()) {
      serve.getCommandSpec().addOption(flag(setting));
    }
    return serve;
  }

  private static OptionSpec flag(Setting<?> setting) {
    return OptionSpec.builder("--" + setting.key())
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel("VALUE")
        .description(setting.meaning().replace("%", "%%"), "Expected: " + setting.expected() + ".")
        .build();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (exitWithParent) {
      ParentWatch.start(System.in);
    }
    EvenkeelServer server = start();
    if (awaitReady(server)) {
      announce(server);
    }
    server.awaitTermination();
    return ExitCode.OK;
  }

  private EvenkeelServer start() {
    try {
      return DemoServices.start(service, settings(), System.getenv());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw CommandException.failed("service " + service + ": " + e.getMessage(), e);
    }
  }

  private ServerSettings settings() {
    SettingsLoader loader = ServerSettings.loader().environment(System.getenv());
    if (config != null) {
      loader.file(config);
    }
    List<String> flags = new ArrayList<>();
    for (Setting<?> setting : ServerSetting.all()) {
      String flag = "--" + setting.key();
      OptionSpec matched = spec.commandLine().getParseResult().matchedOption(flag);
      if (matched != null) {
        matched.originalStringValues().forEach(value -> flags.addAll(List.of(flag, value)));
      }
    }
    return loader.arguments(flags).load();
  }

  /** Waits for as long as it takes; false if the server was stopped before it was registered. */
  private boolean awaitReady(EvenkeelServer server) throws InterruptedException {
    boolean told = false;
    while (true) {
      try {
        server.awaitReady(IMPATIENCE);
        return true;
      } catch (IllegalStateException stopped) {
        return false;
      } catch (TimeoutException e) {
        if (!told) {
          console.note("still waiting: " + e.getMessage());
        }
        told = true;
      }
    }
  }

  private void announce(EvenkeelServer server) {
    String address = server.endpoint().displayAddress();
    if (!console.json()) {
      console.line(service + " listening on " + address);
      return;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("service", service);
    json.put("id", server.endpoint().id());
    json.put("address", address);
    server.probePort().ifPresent(port -> json.put("probePort", port));
    console.jsonLine(json);
  }
}
