package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.TargetQuery;
import java.util.List;

/**
 * Which instances of a service are wanted, and how fresh the answer has to be.
 *
 * @param tags an instance must have all of them
 * @param datacentre empty for that of the agent
 * @param passing whether all checks must pass; otherwise they may also warn
 * @param consistency the parameter that asks for it, empty for Consul's default
 */
record ConsulFilter(List<String> tags, String datacentre, boolean passing, String consistency) {

  ConsulFilter {
    tags = List.copyOf(tags);
  }

  /** Reads its settings out of {@code query}, and leaves the others to the caller. */
  static ConsulFilter of(TargetQuery query) {
    boolean stale = query.booleanValue("stale", false);
    boolean consistent = query.booleanValue("consistent", false);
    if (stale && consistent) {
      throw new IllegalArgumentException(
          "?stale=true and ?consistent=true (expected: one of them)");
    }
    return new ConsulFilter(
        tags(query),
        query.stringValue("dc", ""),
        query.booleanValue("passing", true),
        stale ? "stale" : consistent ? "consistent" : "");
  }

  /** {@code ?tag=a,b}. */
  static List<String> tags(TargetQuery query) {
    String tags = query.stringValue("tag", "");
    if (tags.isEmpty()) {
      return List.of();
    }
    List<String> all = List.of(tags.split(",", -1));
    if (all.contains("")) {
      throw new IllegalArgumentException("?tag: \"" + tags + "\" (expected: tag, or tag,tag)");
    }
    return all;
  }

  /** All instances of the agent's datacentre whose checks pass. */
  static ConsulFilter passingOnly() {
    return new ConsulFilter(List.of(), "", true, "");
  }

  /** All instances of the agent's datacentre, whatever their checks say. */
  static ConsulFilter any() {
    return new ConsulFilter(List.of(), "", false, "");
  }

  /** The path and query that ask for {@code service}. */
  String path(String service) {
    StringBuilder path = new StringBuilder("/v1/health/service/");
    path.append(ConsulQuestion.escape(service));
    // So that the others need not be left out one by one.
    path.append(passing ? "?passing=1" : "?passing=0");
    if (!consistency.isEmpty()) {
      path.append('&').append(consistency);
    }
    if (!datacentre.isEmpty()) {
      path.append("&dc=").append(ConsulQuestion.escape(datacentre));
    }
    tags.forEach(tag -> path.append("&tag=").append(ConsulQuestion.escape(tag)));
    return path.toString();
  }
}
