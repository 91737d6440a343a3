package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page about changes of state and the heap. */
final class UpdatePage {
  /** Goals are stated for this many endpoints. */
  private static final int JUDGED = 10_000;

  private static final Goal READY = Goal.atLeast("READY", 50);
  private static final Goal BYTES = Goal.atLeast("bytes", 100);
  private static final Goal FLAP = Goal.atMost("flap", 20);
  private static final Goal HEAP = Goal.atMost("heap", 300);

  private UpdatePage() {}

  static void write(Path file, Extent extent) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Changes of state

        Endpoints that become READY one by one, in the channel's synchronization context, without a network; then one that flaps
        (READY, IDLE, CONNECTING, READY), with what is published for it. Medians. A ratio is the peer's figure divided by
        Evenkeel's: above 1 is better. Goals are stated for 10,000 endpoints, the ratios against `round_robin`.

        Heap per endpoint is what the balancer itself holds: its connections and their listeners, the statistics of endpoints that
        have answered calls, its own form of the list, the picker and the policy's tables. The addresses, their attributes and the
        channel's subchannels, which every balancer has alike, are measured without a balancer and subtracted. The balancer's
        fixed size is shared out, so few endpoints pay more each.

        grpc-java's `ring_hash` connects only the endpoints that calls reach, and what those calls cost is in its figures;
        its heap includes the addresses that it has not connected. What policies that hash have above the others is their table, and
        what guarded ones have above theirs are the records of each endpoint that the guards keep; neither is the engine's.
        """);
    page.append("\n").append(Machine.describe()).append("\n");
    for (int size : extent.updateSizes()) {
      page.append("\n## ").append(size).append(" endpoints\n\n");
      page.append(
          "| policy | all READY, ms | KB per READY | one flap, µs | heap per endpoint, B |");
      page.append(" ratio READY | ratio bytes | goal |\n");
      page.append("|---|---:|---:|---:|---:|---:|---:|---|\n");
      appendRows(page, size, extent);
    }
    Files.writeString(file, page);
  }

  private static void appendRows(StringBuilder page, int endpoints, Extent extent) {
    Map<Subject, UpdateCosts> costs = new EnumMap<>(Subject.class);
    for (Subject subject : Subject.values()) {
      costs.put(subject, UpdateCosts.measure(subject, endpoints, extent.repetitions()));
    }
    costs.forEach((subject, cost) -> page.append(row(subject, endpoints, costs)));
  }

  private static String row(Subject subject, int endpoints, Map<Subject, UpdateCosts> all) {
    UpdateCosts cost = of(subject, all);
    UpdateCosts peer = peer(subject, all);
    double heap = HeapCost.bytesPerEndpoint(subject, endpoints);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.1f | %.0f | %s | %s | %s |%n",
        PickPage.display(subject),
        cost.readyMillis(),
        cost.kilobytesPerReady(),
        cost.flapMicros(),
        heap,
        peer == null ? "" : PickPage.ratio(peer.readyMillis(), cost.readyMillis()),
        peer == null ? "" : PickPage.ratio(peer.kilobytesPerReady(), cost.kilobytesPerReady()),
        endpoints == JUDGED && subject.isOurs() && !subject.isGuarded()
            ? judge(cost, of(Subject.GRPC_ROUND_ROBIN, all), heap)
            : "");
  }

  static String judge(UpdateCosts cost, UpdateCosts roundRobin, double heap) {
    return String.join(
        "; ",
        READY.judge(roundRobin.readyMillis() / cost.readyMillis()),
        BYTES.judge(roundRobin.kilobytesPerReady() / cost.kilobytesPerReady()),
        FLAP.judge(cost.flapMicros()),
        HEAP.judge(heap));
  }

  private static UpdateCosts of(Subject subject, Map<Subject, UpdateCosts> all) {
    return Objects.requireNonNull(all.get(subject), subject::name);
  }

  private static @Nullable UpdateCosts peer(Subject subject, Map<Subject, UpdateCosts> all) {
    for (List<Subject> pair : Subject.PAIRS) {
      if (pair.get(0) == subject && pair.size() > 1) {
        return of(pair.get(1), all);
      }
    }
    return null;
  }
}
