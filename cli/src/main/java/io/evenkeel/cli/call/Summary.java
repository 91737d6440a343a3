package io.evenkeel.cli.call;

import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.StatusText;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Who served how many calls, what failed, how long they took. Thread-safe. */
final class Summary {
  /** What took longer counts as this long. */
  private static final long LONGEST_NANOS = 3_600_000_000_000L;

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Histogram latencies = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private final Map<Status.Code, Long> statuses = new EnumMap<>(Status.Code.class);
  private final Map<Status.Code, String> lastErrors = new EnumMap<>(Status.Code.class);
  private final Map<String, Long> servers = new TreeMap<>();
  private long calls;
  private long elapsedNanos;

  /** Counts a call; one that failed counts in the latencies as well. */
  synchronized void add(Outcome outcome) {
    Status.Code code = outcome.status().getCode();
    calls++;
    statuses.merge(code, 1L, Long::sum);
    latencies.recordValue(Math.max(0, Math.min(outcome.latencyNanos(), LONGEST_NANOS)));
    if (code != Status.Code.OK) {
      lastErrors.put(code, StatusText.description(outcome.status()));
    } else if (!outcome.servedBy().isEmpty()) {
      servers.merge(outcome.servedBy(), 1L, Long::sum);
    }
  }

  synchronized void elapsedNanos(long elapsedNanos) {
    this.elapsedNanos = elapsedNanos;
  }

  synchronized long calls() {
    return calls;
  }

  synchronized long failed() {
    return calls - statuses.getOrDefault(Status.Code.OK, 0L);
  }

  /** 0 if no call failed, else by the status that most of the failed calls ended with. */
  synchronized int exitCode() {
    return statuses.entrySet().stream()
        .filter(entry -> entry.getKey() != Status.Code.OK)
        .max(Map.Entry.comparingByValue())
        .map(entry -> ExitCode.of(entry.getKey()))
        .orElse(ExitCode.OK);
  }

  /** For programs; the names are a promise. */
  synchronized Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("calls", calls);
    json.put("failed", failed());
    json.put("status", statuses);
    json.put("by", servers);
    json.put("latency_ms", latencyMillis());
    json.put("seconds", round(elapsedNanos / NANOS_PER_MILLI / MILLIS_PER_SECOND));
    if (!lastErrors.isEmpty()) {
      json.put("errors", lastErrors);
    }
    return json;
  }

  /** For people. */
  synchronized String toText() {
    StringBuilder text = new StringBuilder();
    double seconds = elapsedNanos / NANOS_PER_MILLI / MILLIS_PER_SECOND;
    line(text, "%d calls in %.2f s (%.1f/s), %d failed", calls, seconds, calls / seconds, failed());
    line(text, "served by");
    servers.forEach(
        (server, count) -> line(text, "  %-32s %8d %6.1f %%", server, count, share(count)));
    line(text, "status");
    statuses.forEach(
        (code, count) -> line(text, "  %-32s %8d %6.1f %%", code, count, share(count)));
    lastErrors.forEach((code, error) -> line(text, "last %s: %s", code, error));
    text.append("latency in ms:");
    latencyMillis()
        .forEach((name, value) -> text.append("  ").append(name).append(' ').append(value));
    return text.toString();
  }

  private Map<String, Double> latencyMillis() {
    Map<String, Double> millis = new LinkedHashMap<>();
    millis.put("p50", percentile(50));
    millis.put("p90", percentile(90));
    millis.put("p99", percentile(99));
    millis.put("p99.9", percentile(99.9));
    millis.put("max", percentile(100));
    return millis;
  }

  private double percentile(double percentile) {
    return round(latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI);
  }

  private double share(long count) {
    return 100.0 * count / calls;
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
