package io.evenkeel.cli.discovery;

import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened to one endpoint between two answers.
 *
 * @param kind what happened
 * @param endpoint as it is now, or as it was before it went
 */
record EndpointChange(Kind kind, Endpoint endpoint) {

  /** What can happen; the sign is what a person reads. */
  enum Kind {
    ADDED('+'),
    REMOVED('-'),
    CHANGED('~');

    private final char sign;

    Kind(char sign) {
      this.sign = sign;
    }
  }

  /** All changes from {@code before} to {@code now}; the same addresses are the same endpoint. */
  static List<EndpointChange> between(List<Endpoint> before, List<Endpoint> now) {
    Map<String, Endpoint> left = new LinkedHashMap<>();
    before.forEach(endpoint -> left.put(endpoint.displayAddress(), endpoint));
    List<EndpointChange> changes = new ArrayList<>();
    for (Endpoint endpoint : now) {
      Endpoint known = left.remove(endpoint.displayAddress());
      if (known == null) {
        changes.add(new EndpointChange(Kind.ADDED, endpoint));
      } else if (!known.equals(endpoint)) {
        changes.add(new EndpointChange(Kind.CHANGED, endpoint));
      }
    }
    left.values().forEach(gone -> changes.add(new EndpointChange(Kind.REMOVED, gone)));
    return changes;
  }

  @Override
  public String toString() {
    return kind.sign + " " + EndpointView.line(endpoint);
  }
}
