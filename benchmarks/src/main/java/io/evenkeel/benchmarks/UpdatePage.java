package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page about changes of state. */
final class UpdatePage {

  private UpdatePage() {}

  static void write(Path file, Extent extent) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Changes of state

        Endpoints that become READY one by one, in the channel's synchronization context, without a network; then one that flaps
        (READY, IDLE, CONNECTING, READY), with what is published for it; then the heap that the balancer, its endpoints and the
        fake subchannels hold. Medians; a ratio is the peer's figure divided by Evenkeel's.
        """);
    page.append("\n").append(Machine.describe()).append("\n");
    for (String size : extent.endpoints()) {
      page.append("\n## ").append(size).append(" endpoints\n\n");
      page.append(
          "| policy | all READY, ms | KB per READY | one flap, µs | heap per endpoint, B | ratio READY | ratio bytes |\n");
      page.append("|---|---:|---:|---:|---:|---:|---:|\n");
      appendRows(page, Integer.parseInt(size), extent);
    }
    Files.writeString(file, page);
  }

  private static void appendRows(StringBuilder page, int endpoints, Extent extent) {
    Map<Subject, UpdateCosts> costs = new EnumMap<>(Subject.class);
    for (Subject subject : Subject.values()) {
      costs.put(subject, UpdateCosts.measure(subject, endpoints, extent.repetitions()));
    }
    costs.forEach((subject, cost) -> page.append(row(subject, cost, costs)));
  }

  private static String row(Subject subject, UpdateCosts cost, Map<Subject, UpdateCosts> all) {
    UpdateCosts peer = peer(subject, all);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.1f | %.0f | %s | %s |%n",
        PickPage.display(subject),
        cost.readyMillis(),
        cost.kilobytesPerReady(),
        cost.flapMicros(),
        cost.heapBytesPerEndpoint(),
        peer == null ? "" : PickPage.ratio(peer.readyMillis(), cost.readyMillis()),
        peer == null ? "" : PickPage.ratio(peer.kilobytesPerReady(), cost.kilobytesPerReady()));
  }

  private static @Nullable UpdateCosts peer(Subject subject, Map<Subject, UpdateCosts> all) {
    for (List<Subject> pair : Subject.PAIRS) {
      if (pair.get(0) == subject) {
        return all.get(pair.get(1));
      }
    }
    return null;
  }
}
