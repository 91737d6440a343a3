package io.evenkeel.cli.discovery;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.Interruption;
import io.evenkeel.cli.console.OutputClosedException;
import io.evenkeel.cli.console.StatusText;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what changes among the endpoints of a target. */
@Command(
    name = "watch",
    description = {
      "Print each endpoint of a target that comes (+), goes (-) or changes (~), and how old the"
          + " list is (=), until Ctrl-C.",
      ""
    })
public final class WatchCommand implements Callable<Integer> {
  /** A target that does not tell of changes by itself is asked this often; others are looked at. */
  private static final long LOOK_SECONDS = 5;

  private static final Duration STOP_GRACE = Duration.ofSeconds(1);

  private final Console console;

  @Parameters(paramLabel = "<target>", description = "What to watch, as in file:///var/run/orders.")
  private String target = "";

  public WatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Printer printer = new Printer(console, end);
    try (Interruption interruption = Interruption.listen(STOP_GRACE, end::countDown);
        Resolution resolution = Resolution.start(target, printer)) {
      while (!end.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
        if (!printer.printAge()) {
          resolution.refresh();
        }
      }
      printer.requireOutput();
      return interruption.requested() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private static final class Printer implements Resolution.Listener {
    private final Console console;
    private final CountDownLatch end;
    private List<Endpoint> known = List.of(); // guarded by this
    private @Nullable DiscoveryStatus status; // guarded by this
    private @Nullable ListAge printed; // guarded by this
    private String lastError = ""; // guarded by this
    private @Nullable OutputClosedException closed; // guarded by this

    Printer(Console console, CountDownLatch end) {
      this.console = console;
      this.end = end;
    }

    @Override
    public synchronized void onAnswer(Resolution.Answer answer) {
      lastError = "";
      List<Endpoint> before = known;
      known = answer.endpoints();
      status = answer.status();
      try {
        EndpointChange.between(before, known).forEach(this::print);
      } catch (OutputClosedException e) {
        end(e);
      }
      printed = null;
      printAge();
    }

    @Override
    public synchronized void onError(Status error) {
      String text = StatusText.of(error);
      if (!text.equals(lastError)) {
        console.note(text);
      }
      lastError = text;
    }

    /**
     * Says how old the list is, where it is out of date or something else is new; false where that
     * is not known.
     */
    synchronized boolean printAge() {
      if (status == null) {
        return false;
      }
      ListAge age = new ListAge(known.size(), status.snapshot());
      if (age.source().stale() || !age.withoutAge().equals(printed)) {
        printed = age.withoutAge();
        try {
          print(age);
        } catch (OutputClosedException e) {
          end(e);
        }
      }
      return true;
    }

    /** Throws what has ended the watch, if it was its output. */
    synchronized void requireOutput() {
      if (closed != null) {
        throw closed;
      }
    }

    private synchronized void end(OutputClosedException reason) {
      closed = reason;
      end.countDown();
    }

    private void print(ListAge age) {
      if (console.json()) {
        console.jsonLine(age.json());
      } else {
        console.line(age.toString());
      }
    }

    private void print(EndpointChange change) {
      if (!console.json()) {
        console.line(change.toString());
        return;
      }
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("event", change.kind().name().toLowerCase(Locale.ROOT));
      json.put("endpoint", EndpointView.json(change.endpoint()));
      console.jsonLine(json);
    }
  }
}
