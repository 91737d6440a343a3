package io.evenkeel.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** The page about picks. */
final class PickPage {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private final StringBuilder text = new StringBuilder();

  PickPage() {
    text.append(
        """
        # Picks

        The time and the allocation of one pick, without a network, through gRPC's public interface. A ratio is Evenkeel's time
        divided by the peer's: below 1 is faster. Weighted policies have one endpoint in twenty of weight 100, the rest of weight 1.
        Policies without a peer in grpc-java stand alone. Those that are guarded have everything around them that service config can
        switch on (ejection by all rules, zones, slow start, a subset, both limits, hedging by percentile), and stand beside
        themselves. Those that hash look at a header of the call, which has 1,024 values.

        Each pick looks whether the call was tried before, so that a retry goes elsewhere, and whether the endpoint is still there,
        so that a loss needs no new picker. That is 1 to 3 ns which the peers do not pay, and what some lines miss on one thread.
        """);
    text.append("\n").append(Machine.describe()).append("\n");
  }

  void addPicks(int threads, Collection<RunResult> results) {
    String title = "Pick, " + threads + (threads == 1 ? " thread" : " threads");
    addTables(title, results, row -> PickGoals.judge(threads, row));
  }

  /** The whole call has no goal of its own: grpc-java's round_robin counts nothing. */
  void addTraces(Collection<RunResult> results) {
    String explanation =
        """

        The tracer counts the call on its endpoint under every policy, as limits, snapshots and a change of the policy need it: one
        atomic addition at each end of an attempt, on memory of the endpoint. grpc-java's `round_robin` and `ring_hash` count
        nothing, so there is no goal. Guarded ones also record how each attempt ends, and when.
        """;
    addTables(
        "Pick and the tracer of the whole call, 1 thread\n" + explanation.stripTrailing(),
        results,
        row -> "");
  }

  String render() {
    return text.toString();
  }

  static String display(Subject subject) {
    String name = subject.name().toLowerCase(Locale.ROOT);
    int cut = name.indexOf('_');
    return name.substring(0, cut) + " `" + name.substring(cut + 1) + "`";
  }

  static String ratio(double numerator, double denominator) {
    return String.format(Locale.ROOT, "%.2f", numerator / denominator);
  }

  private void addTables(
      String title, Collection<RunResult> results, Function<PickRow, String> judge) {
    Map<String, RunResult> byKey = new LinkedHashMap<>();
    TreeSet<Integer> sizes = new TreeSet<>();
    for (RunResult result : results) {
      String size = result.getParams().getParam("endpoints");
      sizes.add(Integer.parseInt(size));
      byKey.put(result.getParams().getParam("subject") + "/" + size, result);
    }
    text.append("\n## ").append(title).append("\n");
    for (int size : sizes) {
      text.append("\n| ").append(size);
      text.append(" endpoints | ns | B | peer | ns | B | ratio | goal |\n");
      text.append("|---|---:|---:|---|---:|---:|---:|---|\n");
      Subject.PAIRS.forEach(pair -> text.append(line(row(pair, size, byKey), judge)));
    }
  }

  private static PickRow row(List<Subject> pair, int size, Map<String, RunResult> byKey) {
    Subject ours = pair.get(0);
    Subject peer = pair.size() > 1 ? pair.get(1) : null;
    return new PickRow(
        ours,
        figures(ours, size, byKey),
        peer,
        peer == null ? PickRow.Figures.NONE : figures(peer, size, byKey));
  }

  private static String line(PickRow row, Function<PickRow, String> judge) {
    Subject peer = row.peer();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s |%n",
        display(row.ours()),
        row.figures(),
        peer == null ? "none | |" : display(peer) + " | " + row.peerFigures(),
        peer == null ? "" : ratio(row.figures().nanos(), row.peerFigures().nanos()),
        judge.apply(row));
  }

  private static PickRow.Figures figures(Subject subject, int size, Map<String, RunResult> byKey) {
    RunResult result = byKey.get(subject + "/" + size);
    if (result == null) {
      throw new IllegalStateException("no result for " + subject + " at " + size);
    }
    Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
    return new PickRow.Figures(
        result.getPrimaryResult().getScore(),
        allocation == null ? Double.NaN : allocation.getScore());
  }
}
