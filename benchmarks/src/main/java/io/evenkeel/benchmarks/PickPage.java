package io.evenkeel.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
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
        `random` has no peer in grpc-java and stands beside `round_robin`.
        """);
    text.append("\n").append(Machine.describe()).append("\n");
  }

  void addPicks(int threads, Collection<RunResult> results) {
    addTables("Pick, " + threads + (threads == 1 ? " thread" : " threads"), results);
  }

  void addTraces(Collection<RunResult> results) {
    addTables("Pick and the tracer of the whole call, 1 thread", results);
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

  private void addTables(String title, Collection<RunResult> results) {
    Map<String, RunResult> byKey = new LinkedHashMap<>();
    TreeSet<Integer> sizes = new TreeSet<>();
    for (RunResult result : results) {
      String size = result.getParams().getParam("endpoints");
      sizes.add(Integer.parseInt(size));
      byKey.put(result.getParams().getParam("subject") + "/" + size, result);
    }
    text.append("\n## ").append(title).append("\n");
    for (int size : sizes) {
      text.append("\n| ").append(size).append(" endpoints | ns | B | peer | ns | B | ratio |\n");
      text.append("|---|---:|---:|---|---:|---:|---:|\n");
      Subject.PAIRS.forEach(pair -> text.append(row(pair, size, byKey)));
    }
  }

  private static String row(List<Subject> pair, int size, Map<String, RunResult> byKey) {
    RunResult ours = byKey.get(pair.get(0) + "/" + size);
    RunResult peers = byKey.get(pair.get(1) + "/" + size);
    if (ours == null || peers == null) {
      throw new IllegalStateException("no result for " + pair + " at " + size);
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.0f | %s | %.1f | %.0f | %s |%n",
        display(pair.get(0)),
        nanos(ours),
        bytes(ours),
        display(pair.get(1)),
        nanos(peers),
        bytes(peers),
        ratio(nanos(ours), nanos(peers)));
  }

  private static double nanos(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  private static double bytes(RunResult result) {
    Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
    return allocation == null ? Double.NaN : allocation.getScore();
  }
}
