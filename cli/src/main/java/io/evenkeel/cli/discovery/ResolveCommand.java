package io.evenkeel.cli.discovery;

import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.DurationConverter;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.StatusText;
import io.grpc.Status;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the endpoints of a target. */
@Command(
    name = "resolve",
    description = "Print the endpoints of a target, and the service config it brings.")
public final class ResolveCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "<target>",
      description = "What to resolve, as in file:///etc/orders.json.")
  private String target = "";

  @Option(
      names = "--timeout",
      paramLabel = "D",
      converter = DurationConverter.class,
      description = "How long to wait for the answer. Default: 10s.")
  private Duration timeout = Duration.ofSeconds(10);

  public ResolveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    CompletableFuture<Resolution.Answer> first = new CompletableFuture<>();
    Resolution resolution = Resolution.start(target, new FirstAnswer(first));
    try {
      print(first.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
      return ExitCode.OK;
    } catch (TimeoutException e) {
      throw CommandException.status(
          "target \"%s\": no answer within %s s"
              .formatted(
                  target,
                  BigDecimal.valueOf(timeout.toMillis(), 3).stripTrailingZeros().toPlainString()),
          Status.DEADLINE_EXCEEDED);
    } catch (ExecutionException e) {
      Status status = Status.fromThrowable(e);
      throw CommandException.status(describe(status), status);
    } finally {
      resolution.close();
    }
  }

  /** Evenkeel's own resolvers name the target themselves. */
  private String describe(Status status) {
    String named = "target \"" + target + "\": ";
    String text = StatusText.of(status);
    return text.contains(named) ? text : named + text;
  }

  private void print(Resolution.Answer answer) {
    if (console.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("endpoints", answer.endpoints().stream().map(EndpointView::json).toList());
      if (answer.serviceConfig() != null) {
        json.put("serviceConfig", answer.serviceConfig());
      }
      console.jsonLine(json);
      return;
    }
    console.line(EndpointView.table(answer.endpoints()));
    if (answer.serviceConfig() != null) {
      console.line("service config: " + console.toJson(answer.serviceConfig()));
    }
  }

  private record FirstAnswer(CompletableFuture<Resolution.Answer> first)
      implements Resolution.Listener {
    @Override
    public void onAnswer(Resolution.Answer answer) {
      first.complete(answer);
    }

    @Override
    public void onError(Status error) {
      first.completeExceptionally(error.asRuntimeException());
    }
  }
}
