package io.evenkeel.cli.discovery;

import io.evenkeel.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Shows endpoints to people and to programs. */
final class EndpointView {
  private EndpointView() {}

  /** One line for each endpoint below a line of headings. */
  static String table(List<Endpoint> endpoints) {
    StringJoiner table = new StringJoiner(System.lineSeparator());
    table.add(row("ID", "ADDRESS", "WEIGHT", "ZONE", "PRIORITY", "METADATA"));
    for (Endpoint each : endpoints) {
      table.add(
          row(
              each.id(),
              each.displayAddress(),
              each.weight(),
              each.zone().isEmpty() ? "-" : each.zone(),
              each.priority(),
              metadata(each)));
    }
    return table.toString();
  }

  /** One endpoint on one line; what has its default is left out. */
  static String line(Endpoint endpoint) {
    StringJoiner line = new StringJoiner(" ");
    line.add(endpoint.id());
    if (!endpoint.displayAddress().equals(endpoint.id())) {
      line.add(endpoint.displayAddress());
    }
    if (endpoint.weight() != Endpoint.DEFAULT_WEIGHT) {
      line.add("weight=" + endpoint.weight());
    }
    if (!endpoint.zone().isEmpty()) {
      line.add("zone=" + endpoint.zone());
    }
    if (endpoint.priority() != 0) {
      line.add("priority=" + endpoint.priority());
    }
    if (!endpoint.metadata().isEmpty()) {
      line.add(metadata(endpoint));
    }
    return line.toString();
  }

  /** What becomes the JSON object of one endpoint. */
  static Map<String, Object> json(Endpoint endpoint) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", endpoint.id());
    json.put("address", endpoint.displayAddress());
    json.put("weight", endpoint.weight());
    json.put("zone", endpoint.zone());
    json.put("priority", endpoint.priority());
    json.put("metadata", new TreeMap<>(endpoint.metadata()));
    return json;
  }

  private static String metadata(Endpoint endpoint) {
    StringJoiner pairs = new StringJoiner(",");
    new TreeMap<>(endpoint.metadata()).forEach((key, value) -> pairs.add(key + "=" + value));
    return pairs.toString();
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-28s %-24s %7s %-12s %8s  %s", cells).stripTrailing();
  }
}
