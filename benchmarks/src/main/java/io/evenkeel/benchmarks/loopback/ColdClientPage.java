package io.evenkeel.benchmarks.loopback;

import io.evenkeel.benchmarks.Goal;
import io.evenkeel.benchmarks.Machine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page about new clients of very many endpoints. */
final class ColdClientPage {
  /** Goals are stated for this many endpoints. */
  private static final int JUDGED = 10_000;

  private static final Goal FIRST = Goal.atMost("first, s", 0.5);
  private static final Goal ALL = Goal.atMost("all ÷ `round_robin`", 1);

  private final int endpoints;
  private final Map<Start, Map<Route, List<FirstAnswers>>> results = new EnumMap<>(Start.class);

  ColdClientPage(int endpoints) {
    this.endpoints = endpoints;
  }

  void add(Start start, Route route, FirstAnswers answers) {
    results
        .computeIfAbsent(start, key -> new EnumMap<>(Route.class))
        .computeIfAbsent(route, key -> new ArrayList<>())
        .add(answers);
  }

  String render() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Cold client

        A channel is made to %,d endpoints on as many addresses of loopback. From the start it is to carry a thousand calls per
        second; once all connections are up, as many more as 16 in flight make, so that each endpoint gets one soon. How long until
        the first answer, until all are connected, and until every endpoint has answered? The client is a process of its own for
        each measurement. One warm server process answers on all addresses (it listens on every address of the machine, as a socket
        of 127.0.0.1 would not hear the others); client and server share the processors. Endpoints come from a list file, for both
        clients alike. Plain text, default executors, medians.

        %s
        """
            .formatted(endpoints, Machine.describe()));
    results.forEach((start, clients) -> appendTable(page, start, clients));
    return page.toString();
  }

  private void appendTable(
      StringBuilder page, Start start, Map<Route, List<FirstAnswers>> clients) {
    page.append("\n## From a ").append(start.display()).append("\n\n");
    page.append(
        "| client | first answer, s | all connected, s | all answered, s | endpoints that answered |");
    page.append(" failed calls | goal |\n");
    page.append("|---|---:|---:|---:|---:|---:|---|\n");
    List<FirstAnswers> peer = clients.getOrDefault(Route.GRPC_ROUND_ROBIN, List.of());
    clients.forEach((route, answers) -> page.append(row(route, answers, peer)));
  }

  private String row(Route route, List<FirstAnswers> answers, List<FirstAnswers> peer) {
    double firstSeconds = Sample.median(answers, FirstAnswers::firstMillis) / 1e3;
    double allSeconds = Sample.median(answers, FirstAnswers::allMillis) / 1e3;
    double peerSeconds = Sample.median(peer, FirstAnswers::allMillis) / 1e3;
    boolean judged = route.isOurs() && endpoints == JUDGED;
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %,d | %,d | %s |%n",
        route.display(),
        firstSeconds,
        Sample.median(answers, FirstAnswers::connectedMillis) / 1e3,
        allSeconds,
        answers.stream().mapToInt(FirstAnswers::answered).min().orElse(0),
        answers.stream().mapToInt(FirstAnswers::failed).sum(),
        judged ? FIRST.judge(firstSeconds) + "; " + ALL.judge(allSeconds / peerSeconds) : "");
  }
}
