package io.evenkeel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Writes a {@link BalancerSnapshot} for people. */
final class SnapshotText {
  /** More endpoints than this nobody reads; JSON has them all. */
  static final int MAX_ROWS = 100;

  private static final List<String> HEAD =
      List.of(
          "ENDPOINT",
          "ADDRESS",
          "STATE",
          "FOR",
          "WEIGHT",
          "IN FLIGHT",
          "PICKS",
          "SHARE",
          "FAILURES",
          "LATENCY",
          "WHY");

  private SnapshotText() {}

  static String of(BalancerSnapshot snapshot) {
    StringBuilder text = new StringBuilder();
    line(text, "target \"%s\": %s", snapshot.target(), snapshot.totals());
    line(text, "policy: %s", policy(snapshot));
    line(text, "discovery: %s", discovery(snapshot.discovery()));
    snapshot.discovery().source().ifPresent(source -> line(text, "source: %s", source(source)));
    if (snapshot.waitingToConnect() > 0) {
      line(text, "connecting: %d wait for their turn", snapshot.waitingToConnect());
    }
    if (snapshot.outsideSubset() > 0) {
      line(text, "subset: %d more endpoints are not in it", snapshot.outsideSubset());
    }
    if (snapshot.groups().size() > 1 || snapshot.groups().stream().anyMatch(TrafficGroup::panics)) {
      line(text, "traffic: %s", traffic(snapshot.groups()));
    }
    table(text, snapshot.endpoints());
    return text.toString().stripTrailing();
  }

  private static String policy(BalancerSnapshot snapshot) {
    String name = snapshot.policy().isEmpty() ? "none yet" : snapshot.policy();
    String settings =
        snapshot.policySettings().isEmpty() ? "" : " " + snapshot.policySettings().toString();
    String faults =
        snapshot.policyFaults() == 0
            ? ""
            : "; it has thrown %d times, such as %s"
                .formatted(snapshot.policyFaults(), snapshot.lastPolicyFault().orElse("unknown"));
    return name + settings + faults;
  }

  private static String discovery(DiscoverySnapshot discovery) {
    StringBuilder text =
        new StringBuilder(discovery.lastList().map(SnapshotText::dated).orElse("no list yet"));
    discovery
        .lastRefusal()
        .ifPresent(
            last ->
                text.append("; ")
                    .append(discovery.refusedLists())
                    .append(" lists refused, last: ")
                    .append(dated(last)));
    discovery
        .lastError()
        .ifPresent(
            last ->
                text.append("; ")
                    .append(discovery.errors())
                    .append(" errors, last: ")
                    .append(dated(last)));
    return text.toString();
  }

  private static String source(SourceSnapshot source) {
    StringBuilder text = new StringBuilder(source.fallback() ? "fallback " : "").append("\"");
    text.append(source.target()).append("\"");
    source.age().ifPresent(age -> text.append(", confirmed ").append(age(age)).append(" ago"));
    if (source.stale()) {
      text.append("; stale: ").append(source.problem());
    }
    if (source.skipped() > 0) {
      text.append("; ").append(source.skipped()).append(" elements skipped");
    }
    if (source.held() > 0) {
      text.append("; ").append(source.held()).append(" endpoints held that the last look lacks");
    }
    if (source.rebuilds() > 0) {
      text.append("; client rebuilt ").append(source.rebuilds()).append(" times");
    }
    return text.toString();
  }

  private static String traffic(List<TrafficGroup> groups) {
    StringJoiner traffic = new StringJoiner("; ");
    for (TrafficGroup group : groups) {
      traffic.add(
          String.format(
              Locale.ROOT,
              "priority %d%s gets %.0f %%%s",
              group.priority(),
              group.zone().isEmpty() ? "" : ", zone " + group.zone() + ",",
              100 * group.share(),
              group.panics() ? " and panics: all that are connected are used" : ""));
    }
    return traffic.toString();
  }

  private static String dated(Occurrence occurrence) {
    return occurrence.what() + ", " + age(occurrence.age()) + " ago";
  }

  private static void table(StringBuilder text, List<EndpointSnapshot> endpoints) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    endpoints.stream().limit(MAX_ROWS).map(SnapshotText::row).forEach(rows::add);
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        line.append(row.get(column));
        line.append(" ".repeat(widths[column] - row.get(column).length() + 2));
      }
      line(text, "%s", line.toString().stripTrailing());
    }
    if (endpoints.size() > MAX_ROWS) {
      line(text, "… and %d more", endpoints.size() - MAX_ROWS);
    }
  }

  private static List<String> row(EndpointSnapshot snapshot) {
    return List.of(
        snapshot.endpoint().id(),
        snapshot.endpoint().displayAddress(),
        snapshot.state().name(),
        age(snapshot.age()),
        String.format(Locale.ROOT, "%.4g", snapshot.effectiveWeight()),
        inFlight(snapshot),
        String.valueOf(snapshot.picks()),
        String.format(Locale.ROOT, "%.1f %%", 100 * snapshot.share()),
        String.valueOf(snapshot.failures()),
        snapshot.latency().map(SnapshotText::millis).orElse("-"),
        why(snapshot));
  }

  /** {@code 7}, {@code 7 of 20 on 2 connections}, {@code 70 on 4 connections, 30 queued}. */
  private static String inFlight(EndpointSnapshot snapshot) {
    StringBuilder text = new StringBuilder(String.valueOf(snapshot.inFlight()));
    snapshot.limit().ifPresent(limit -> text.append(" of ").append(limit));
    if (snapshot.connections() > 1) {
      text.append(" on ").append(snapshot.connections()).append(" connections");
    }
    if (snapshot.queued() > 0) {
      text.append(", ").append(snapshot.queued()).append(" queued");
    }
    return text.toString();
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / 1e6);
  }

  private static String why(EndpointSnapshot snapshot) {
    String before =
        snapshot
            .lastConnectFailure()
            .filter(failure -> !failure.what().equals(snapshot.reason()))
            .map(failure -> "(last connect failure " + dated(failure) + ")")
            .orElse("");
    return (snapshot.reason() + " " + queue(snapshot) + " " + before).strip();
  }

  private static String queue(EndpointSnapshot snapshot) {
    return snapshot.queued() == 0 || snapshot.streamsPerConnection().isEmpty()
        ? ""
        : "calls wait for a stream: the server takes "
            + snapshot.streamsPerConnection().getAsInt()
            + " on a connection (see connections.maxPerEndpoint)";
  }

  /** Short: {@code 350 ms}, {@code 4.2 s}, {@code 3 min}, {@code 5 h}, {@code 12 d}. */
  private static String age(Duration age) {
    if (age.toSeconds() < 1) {
      return age.toMillis() + " ms";
    }
    if (age.toMinutes() < 2) {
      return String.format(Locale.ROOT, "%.1f s", age.toMillis() / 1e3);
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " d";
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
