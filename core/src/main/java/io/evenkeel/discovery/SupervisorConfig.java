package io.evenkeel.discovery;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What a target of any scheme may say, behind its {@code ?}, on how its list is kept.
 *
 * @param fallback where the list comes from while the target itself has none
 * @param maxAge how long a list is used without being confirmed; zero for ever, the default
 * @param maxDropPercent a list that loses more of its endpoints at once is held; 100 for never, 50
 *     by default
 * @param confirm how long it is held until another look decides, 5 s by default
 * @param debounce the least time between two lists that are passed on, 20 ms by default
 */
record SupervisorConfig(
    Optional<SourceTarget> fallback,
    Duration maxAge,
    int maxDropPercent,
    Duration confirm,
    Duration debounce) {
  static final SupervisorConfig DEFAULT =
      new SupervisorConfig(
          Optional.empty(), Duration.ZERO, 50, Duration.ofSeconds(5), Duration.ofMillis(20));

  /** What it reads. */
  static final Set<String> NAMES = Set.of("fallback", "maxAge", "maxDrop", "confirm", "debounce");

  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * Reads the supervisor's part of {@code target}; the rest is the back end's.
   *
   * @throws IllegalArgumentException naming the parameter and what was expected
   */
  static SupervisorConfig parse(URI target) {
    TargetQuery query = TargetQuery.of(target);
    String fallback = query.stringValue("fallback", "");
    return new SupervisorConfig(
        fallback.isEmpty() ? Optional.empty() : Optional.of(fallback(fallback)),
        query.durationValue("maxAge", DEFAULT.maxAge, SECOND, Duration.ofDays(365)),
        query.percentValue("maxDrop", DEFAULT.maxDropPercent),
        query.durationValue("confirm", DEFAULT.confirm, SECOND, Duration.ofMinutes(10)),
        query.durationValue("debounce", DEFAULT.debounce, Duration.ZERO, Duration.ofSeconds(10)));
  }

  /** {@code target} without the supervisor's part. */
  static URI without(URI target) {
    String query = target.getRawQuery();
    if (query == null) {
      return target;
    }
    StringJoiner rest = new StringJoiner("&", "?", "").setEmptyValue("");
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0 || !NAMES.contains(part.substring(0, equals))) {
        rest.add(part);
      }
    }
    String text = target.toString();
    String fragment = target.getRawFragment() == null ? "" : "#" + target.getRawFragment();
    return URI.create(text.substring(0, text.indexOf('?')) + rest + fragment);
  }

  private static SourceTarget fallback(String text) {
    try {
      return SourceTarget.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("?fallback: " + e.getMessage(), e);
    }
  }
}
