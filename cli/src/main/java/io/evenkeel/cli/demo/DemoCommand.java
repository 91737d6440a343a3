package io.evenkeel.cli.demo;

import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.Interruption;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a small cluster on this machine. */
@Command(
    name = "demo",
    description = {
      "Run three order services in processes of their own, and a gateway in front of them.",
      "Prints what to try, then each change of state, until Ctrl-C ends all of it.",
      ""
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int HIGHEST_PORT = 65_535;
  private static final Duration STOP_GRACE = Duration.ofSeconds(20);

  private final Console console;
  private final Class<?> mainClass;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the gateway; 0 takes a free one. Default: 4000.")
  private int port = 4000;

  @Option(
      names = "--registry",
      paramLabel = "URI",
      description = "Where the services register. Default: a directory made for the demo.")
  private @Nullable URI registry;

  @Option(
      names = "--tour",
      description = "Show and check the promises, then end: 0 if all were kept, else 1.")
  private boolean tour;

  /** Services are started as processes of {@code mainClass}. */
  public DemoCommand(Console console, Class<?> mainClass) {
    this.console = console;
    this.mainClass = mainClass;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > HIGHEST_PORT) {
      throw CommandException.usage("--port " + port + " (expected: 0.." + HIGHEST_PORT + ")");
    }
    Thread self = Thread.currentThread();
    try (Interruption interruption = Interruption.listen(STOP_GRACE, self::interrupt)) {
      try (DemoRegistry opened = DemoRegistry.open(registry)) {
        return run(opened, interruption);
      } catch (InterruptedException e) {
        return ExitCode.INTERRUPTED;
      }
    }
  }

  private int run(DemoRegistry opened, Interruption interruption) throws InterruptedException {
    DemoCluster cluster = DemoCluster.start(console, opened, mainClass, port);
    try {
      console.line("gateway listening on 127.0.0.1:" + cluster.port());
      if (tour) {
        return new Tour(console, cluster).run();
      }
      printWhatToTry(cluster);
      interruption.await();
      return ExitCode.INTERRUPTED;
    } finally {
      // Whatever interrupted us, what was started is ended first.
      boolean wasInterrupted = Thread.interrupted();
      cluster.close();
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void printWhatToTry(DemoCluster cluster) {
    if (console.json()) {
      return;
    }
    String evenkeel = System.getProperty("evenkeel.command", "evenkeel");
    String second = DemoCluster.IDS.get(1);
    console.line("");
    console.line("Try, in another terminal:");
    console.line("  curl localhost:" + cluster.port() + "/orders/1");
    console.line(
        "  kill -9 " + cluster.service(second).pid() + "   # " + second + ": no call fails");
    console.line(
        "  "
            + evenkeel
            + " call --plaintext "
            + cluster.target()
            + " order.OrderService/GetOrder -n 300 --summary");
    console.line("Ctrl-C ends everything.");
    console.line("");
  }
}
