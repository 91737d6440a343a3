package io.evenkeel.benchmarks.loopback;

import io.evenkeel.benchmarks.Goal;
import io.evenkeel.benchmarks.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** The page about whole calls over loopback. */
final class LoopbackPage {
  private static final double OF_GRPC = 0.98;

  private final List<String> proxies = new ArrayList<>();
  private final StringBuilder tables = new StringBuilder();

  void addProxy(String version) {
    proxies.add(version);
  }

  void add(CallThreads threads, int inFlight, LoadResults results) {
    tables.append("\n## ").append(threads.display()).append(", ").append(inFlight);
    tables.append(" in flight\n\n");
    tables.append("| way | calls/s | p50, µs | p99, µs | calls/s ÷ `round_robin` |");
    tables.append(" ÷ nginx | ÷ haproxy | goal |\n");
    tables.append("|---|---:|---:|---:|---:|---:|---:|---|\n");
    for (Route route : Route.values()) {
      tables.append(row(route, inFlight, results));
      tables.append(route.isOurs() ? goals(route, threads, inFlight, results) : "");
      tables.append(" |\n");
    }
  }

  String render() {
    return """
        # Calls over loopback

        Unary calls of 32 bytes to three servers, so many in flight at any time, each followed by the next. Client and servers are
        in one JVM and share its event loops; nginx and haproxy are processes of their own, with their default number of threads,
        on the same processors. Each client is one channel in plain text, new for each repetition: which connections share a thread is
        luck. Routes take turns; figures are medians of the repetitions, ratios are medians of the ratios of one repetition. Evenkeel
        counts each call on its endpoint, under every policy; grpc-java's `round_robin` counts nothing, which is where it is ahead.

        %s %s.
        %s"""
        .formatted(Machine.describe(), String.join(", ", proxies), tables);
  }

  private static String row(Route route, int inFlight, LoadResults results) {
    List<Sample> samples = results.of(route, inFlight);
    if (samples.isEmpty()) {
      return "| " + route.display() + " | not installed | | | | | | ";
    }
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f | %.0f | %.0f | %s | %s | %s | ",
        route.display(),
        Sample.median(samples, Sample::callsPerSecond),
        Sample.median(samples, Sample::p50Micros),
        Sample.median(samples, Sample::p99Micros),
        ratio(route, Route.GRPC_ROUND_ROBIN, inFlight, results),
        ratio(route, Route.NGINX, inFlight, results),
        ratio(route, Route.HAPROXY, inFlight, results));
  }

  private static String ratio(Route route, Route peer, int inFlight, LoadResults results) {
    double ratio = results.ratio(route, peer, inFlight, Sample::callsPerSecond);
    return route == peer || Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static String goals(Route route, CallThreads threads, int inFlight, LoadResults results) {
    StringJoiner goals = new StringJoiner("; ");
    goals.add(
        Goal.atLeast("calls/s ÷ `round_robin`", OF_GRPC)
            .judge(results.ratio(route, Route.GRPC_ROUND_ROBIN, inFlight, Sample::callsPerSecond)));
    for (LoadGoal goal : inFlight == 1 ? LoadGoal.LATENCY : LoadGoal.of(threads)) {
      goals.add(goal.goal().judge(results.ratio(route, goal.peer(), inFlight, goal.figure())));
    }
    return goals.toString();
  }
}
