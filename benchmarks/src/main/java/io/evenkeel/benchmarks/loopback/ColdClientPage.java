package io.evenkeel.benchmarks.loopback;

import io.evenkeel.benchmarks.Goal;
import io.evenkeel.benchmarks.Machine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/** The page about new clients of very many endpoints. */
final class ColdClientPage {
  /** Goals are stated for this many endpoints. */
  private static final int JUDGED = 10_000;

  private static final Goal FIRST = Goal.atMost("first, s", 0.5);
  private static final Goal ALL = Goal.atMost("all ÷ `round_robin`", 1);

  private final Security security;
  private final int endpoints;
  private final Map<Start, Map<Route, List<ColdRun>>> results = new EnumMap<>(Start.class);

  ColdClientPage(Security security, int endpoints) {
    this.security = security;
    this.endpoints = endpoints;
  }

  void add(Start start, Route route, ColdRun run) {
    results
        .computeIfAbsent(start, key -> new EnumMap<>(Route.class))
        .computeIfAbsent(route, key -> new ArrayList<>())
        .add(run);
  }

  String render() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Cold client

        A channel is made to %,d endpoints on as many addresses of loopback. From the start it is to carry a thousand calls per
        second; once all connections are up, as many more as 16 in flight make, so that each endpoint gets one soon. How long until
        the first answer, until all are connected, and until every endpoint has answered? Time runs from the moment in which the
        channel is made, and so includes reading the list. The client is a process of its own for each measurement. One warm server
        process answers on all addresses (it listens on every address of the machine, as a socket of 127.0.0.1 would not hear the
        others); client and server share the processors. *Handshakes at a time* are the most connections that the server had
        accepted and that were not yet ready for calls. Evenkeel makes 100 at a time by default; the server may count a few more,
        as it learns a moment after the client that a connection is ready. Endpoints come from a list file, for both clients alike.
        %s, default executors, medians; the largest number of handshakes.

        %s
        """
            .formatted(endpoints, security.display(), Machine.describe()));
    results.forEach((start, clients) -> appendTable(page, start, clients));
    return page.toString();
  }

  private void appendTable(StringBuilder page, Start start, Map<Route, List<ColdRun>> clients) {
    page.append("\n## From a ").append(start.display()).append("\n\n");
    page.append("| client | first answer, s | all connected, s | all answered, s |");
    page.append(" handshakes at a time | endpoints that answered | failed calls | goal |\n");
    page.append("|---|---:|---:|---:|---:|---:|---:|---|\n");
    double peerSeconds =
        seconds(clients.getOrDefault(Route.GRPC_ROUND_ROBIN, List.of()), FirstAnswers::allMillis);
    clients.forEach(
        (route, runs) -> {
          String goal =
              route.isOurs() && endpoints == JUDGED ? judge(start, runs, peerSeconds) : "";
          page.append(row(route, runs, goal));
        });
  }

  private static String row(Route route, List<ColdRun> runs, String goal) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %,d | %,d | %,d | %s |%n",
        route.display(),
        seconds(runs, FirstAnswers::firstMillis),
        seconds(runs, FirstAnswers::connectedMillis),
        seconds(runs, FirstAnswers::allMillis),
        handshakes(runs),
        runs.stream().mapToInt(run -> run.answers().answered()).min().orElse(0),
        runs.stream().mapToInt(run -> run.answers().failed()).sum(),
        goal);
  }

  private String judge(Start start, List<ColdRun> runs, double peerSeconds) {
    StringJoiner goals = new StringJoiner("; ");
    // How long a JVM takes to load and compile gRPC, or to prove a name, is not the balancer's.
    if (start == Start.CALLED_BEFORE && security == Security.PLAIN_TEXT) {
      goals.add(FIRST.judge(seconds(runs, FirstAnswers::firstMillis)));
    }
    return goals.add(ALL.judge(seconds(runs, FirstAnswers::allMillis) / peerSeconds)).toString();
  }

  private static double seconds(List<ColdRun> runs, ToDoubleFunction<FirstAnswers> millis) {
    return Sample.median(runs, run -> millis.applyAsDouble(run.answers())) / 1e3;
  }

  private static int handshakes(List<ColdRun> runs) {
    return runs.stream().mapToInt(ColdRun::handshakes).max().orElse(0);
  }
}
