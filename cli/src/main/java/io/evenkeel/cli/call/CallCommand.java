package io.evenkeel.cli.call;

import io.evenkeel.ChannelBuilder;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.DurationConverter;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.Interruption;
import io.evenkeel.cli.schema.DynamicMethod;
import io.evenkeel.cli.schema.MethodName;
import io.evenkeel.cli.schema.Reflection;
import io.evenkeel.cli.schema.SchemaFiles;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls a method, once or many times. */
@Command(
    name = "call",
    description = {
      "Call a method, once or many times, and show who answered.",
      "",
      "The server describes its methods by reflection; --proto does it where it cannot.",
      ""
    })
public final class CallCommand implements Callable<Integer> {
  private static final Duration REFLECTION_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration UNARY_DEADLINE = Duration.ofSeconds(30);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);
  private static final int PACED_CONCURRENCY = 1000;
  private static final int MOST_CONCURRENCY = 100_000;
  private static final double FASTEST_RATE = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "<target>",
      description = "Where, as in fixed:///localhost:8080,localhost:8081.")
  private String target = "";

  @Parameters(
      index = "1",
      paramLabel = "<method>",
      description = "What, as in echo.EchoService/Echo.")
  private String method = "";

  @Mixin private ChannelOptions channelOptions = new ChannelOptions();

  @Option(names = "-n", paramLabel = "N", description = "Number of calls. Default: 1.")
  private long calls = 1;

  @Option(
      names = "--duration",
      paramLabel = "D",
      converter = DurationConverter.class,
      description = "Call for this long instead of N times, as in 30s.")
  private @Nullable Duration duration;

  @Option(
      names = "--rate",
      paramLabel = "PER_SECOND",
      description = {
        "Start this many calls a second, whatever the answers do.",
        "Latency counts from when a call was due."
      })
  private double rate;

  @Option(
      names = "--concurrency",
      paramLabel = "C",
      description = "Calls at the same time at most. Default: 1, or 1000 with --rate.")
  private int concurrency;

  @Option(
      names = {"-d", "--data"},
      paramLabel = "JSON",
      description = {
        "What to send: JSON, @FILE, or @- for standard input. Default: an empty message.",
        "Several values, or an array, where the client streams."
      })
  private String data = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "KEY:VALUE",
      description = "Send this header; base64 for keys that end in -bin. May be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--deadline",
      paramLabel = "D",
      converter = DurationConverter.class,
      description = "How long each call may take. Default: 30s, none where anyone streams.")
  private @Nullable Duration deadline;

  @Option(
      names = "--proto",
      paramLabel = "FILE",
      description = "Find the method in this .proto or descriptor set instead of by reflection.")
  private @Nullable Path proto;

  @Option(
      names = {"-I", "--proto-path"},
      paramLabel = "DIR",
      description = "Where the imports of --proto start. Default: its own folder. May be repeated.")
  private List<Path> protoPath = new ArrayList<>();

  @Option(
      names = "--summary",
      description = "Print who served how many, what failed, and latencies, instead of answers.")
  private boolean summary;

  @Option(
      names = "--explain",
      description = {
        "Then tell where each of the last "
            + Explanation.MAX_PICKS
            + " calls was sent and why, and how the endpoints stand."
      })
  private boolean explain;

  public CallCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    MethodName name = MethodName.parse(method);
    Load load = load();
    var metadata = Headers.parse(headers);
    WarmUp warmUp = new WarmUp();
    EvenkeelChannel channel = channelOptions.open(target, warmUp, this::explainPicks);
    try {
      // Connects while the server is asked for its methods.
      channel.getState(true);
      DynamicMethod found = find(name);
      var requests = Requests.read(data, found, System.in);
      warmUp.await(channel);
      return run(channel, new CallTemplate(found, requests, metadata, deadlineNanos(found)), load);
    } catch (CommandException e) {
      if (explain) {
        // It is most wanted when nothing answers.
        warmUp.await(channel);
        explain(channel);
      }
      throw e;
    } finally {
      close(channel);
    }
  }

  private int run(EvenkeelChannel channel, CallTemplate template, Load load)
      throws InterruptedException {
    Summary sum = new Summary();
    CallReport report =
        new CallReport(
            console, summary ? CallReport.Style.SUMMARY : CallReport.Style.EACH_ANSWER, sum);
    LoadRun run = new LoadRun(channel, template, load, report);
    try (Interruption interruption = Interruption.listen(STOP_GRACE, run::stop)) {
      long startNanos = System.nanoTime();
      runWithProgress(run, load, sum);
      sum.elapsedNanos(System.nanoTime() - startNanos);
      report.finish();
      explain(channel);
      return interruption.requested() ? ExitCode.INTERRUPTED : sum.exitCode();
    }
  }

  private void explain(EvenkeelChannel channel) {
    if (explain) {
      new Explanation(console).print(channel);
    }
  }

  private void explainPicks(ChannelBuilder builder) {
    if (explain) {
      builder.explainPicks(Explanation.MAX_PICKS);
    }
  }

  private void runWithProgress(LoadRun run, Load load, Summary sum) throws InterruptedException {
    if (!summary || !console.isStderrTerminal()) {
      run.run();
      return;
    }
    ProgressBar bar = ProgressBar.start(console, load, sum);
    try {
      run.run();
    } finally {
      bar.close();
    }
  }

  private DynamicMethod find(MethodName name) throws InterruptedException {
    if (proto != null) {
      return SchemaFiles.read(proto, protoPath).find(name);
    }
    // A channel of its own, so that the question takes no call's turn in the rotation.
    EvenkeelChannel aside = channelOptions.openAside(target);
    try {
      return new Reflection(aside, target, REFLECTION_TIMEOUT).find(name);
    } finally {
      close(aside);
    }
  }

  private Load load() {
    require(calls >= 1, "-n " + calls, "at least 1");
    require(rate >= 0 && rate <= FASTEST_RATE, "--rate " + rate, "0..1000000");
    require(
        concurrency >= 0 && concurrency <= MOST_CONCURRENCY,
        "--concurrency " + concurrency,
        "1.." + MOST_CONCURRENCY);
    int atOnce = concurrency > 0 ? concurrency : rate > 0 ? PACED_CONCURRENCY : 1;
    long intervalNanos = rate > 0 ? Math.round(NANOS_PER_SECOND / rate) : 0;
    return duration == null
        ? new Load(calls, Load.UNBOUNDED, intervalNanos, atOnce)
        : new Load(Load.UNBOUNDED, duration.toNanos(), intervalNanos, atOnce);
  }

  private long deadlineNanos(DynamicMethod method) {
    if (deadline != null) {
      return deadline.toNanos();
    }
    boolean unary = method.grpc().getType() == MethodDescriptor.MethodType.UNARY;
    return unary ? UNARY_DEADLINE.toNanos() : 0;
  }

  private static void require(boolean condition, String option, String expected) {
    if (!condition) {
      throw CommandException.usage(option + " (expected: " + expected + ")");
    }
  }

  private static void close(ManagedChannel channel) throws InterruptedException {
    channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
  }
}
