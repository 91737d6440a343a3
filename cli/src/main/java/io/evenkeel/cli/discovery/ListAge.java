package io.evenkeel.cli.discovery;

import io.evenkeel.SourceSnapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How old a list is and what is wrong with it, for people and for programs.
 *
 * @param endpoints how many it has
 * @param source how its discovery stands
 */
record ListAge(int endpoints, SourceSnapshot source) {

  /** All but the age, which always changes. */
  ListAge withoutAge() {
    return new ListAge(
        endpoints,
        new SourceSnapshot(
            source.target(),
            source.fallback(),
            Optional.empty(),
            source.problem(),
            source.skipped(),
            source.held(),
            source.rebuilds()));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("event", "list");
    json.put("endpoints", endpoints);
    json.put("source", source.target());
    source.age().ifPresent(age -> json.put("age", seconds(age)));
    json.put("stale", source.stale());
    json.put("problem", source.problem());
    json.put("held", source.held());
    return json;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("= ").append(endpoints);
    text.append(endpoints == 1 ? " endpoint" : " endpoints");
    if (source.fallback()) {
      text.append(" of the fallback ").append(source.target());
    }
    source
        .age()
        .ifPresent(
            age -> text.append(String.format(Locale.ROOT, ", confirmed %.1f s ago", seconds(age))));
    if (source.held() > 0) {
      text.append(", ").append(source.held()).append(" of them held until another look");
    }
    return source.stale() ? text + "; " + source.problem() : text.toString();
  }

  private static double seconds(Duration age) {
    return age.toMillis() / 1e3;
  }
}
