package io.evenkeel.server.settings;

import io.evenkeel.Targets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value.
 *
 * @param expected what a value looks like, for messages
 * @param parser empty for what is malformed
 * @param valid whether a value is in range
 */
record ValueType<T>(String expected, Parser<T> parser, Predicate<T> valid) {

  private static final String OFF = "off";
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");

  /** Reads a string or, from a file, a list or a map of strings. */
  interface Parser<T> {
    Optional<T> parse(Object raw);
  }

  static ValueType<String> text(String expected) {
    return new ValueType<>(expected, raw -> scalar(raw), value -> true);
  }

  static ValueType<Integer> number(int least, int most) {
    return new ValueType<>(
        least + ".." + most,
        raw -> scalar(raw).flatMap(ValueType::parseInt),
        value -> value >= least && value <= most);
  }

  /** A number, or {@code off}. */
  static ValueType<OptionalInt> numberOrOff(int least, int most) {
    return new ValueType<>(
        least + ".." + most + " or " + OFF,
        raw -> scalar(raw).flatMap(ValueType::parseIntOrOff),
        value -> value.isEmpty() || (value.getAsInt() >= least && value.getAsInt() <= most));
  }

  /** A duration with its unit, from {@code least} to one year. */
  static ValueType<Duration> duration(Duration least) {
    Duration most = Duration.ofDays(365);
    return new ValueType<>(
        "a duration like 500ms, 30s, 5m or 1h, at least " + display(least),
        raw -> scalar(raw).flatMap(ValueType::parseDuration),
        value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
  }

  /** URIs with a scheme, separated by white space, which no URI holds. */
  static ValueType<List<URI>> uris() {
    return new ValueType<>(
        "URIs such as file:///var/run/services, separated by spaces",
        raw -> items(raw).flatMap(ValueType::parseUris),
        value -> value.stream().allMatch(URI::isAbsolute));
  }

  /** Names with values: {@code version=1.2,commit=abc}, or a map in a file. */
  static ValueType<Map<String, String>> pairs() {
    return new ValueType<>(
        "name=value pairs separated by commas", ValueType::parsePairs, value -> true);
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    List<E> values = List.of(type.getEnumConstants());
    List<String> names = values.stream().map(ValueType::name).toList();
    return new ValueType<>(
        String.join(" or ", names),
        raw -> scalar(raw).map(names::indexOf).filter(i -> i >= 0).map(values::get),
        value -> true);
  }

  /** {@code PT0.5S} as {@code 500ms}. */
  private static String display(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<String> scalar(Object raw) {
    return raw instanceof String text ? Optional.of(text.trim()) : Optional.empty();
  }

  private static Optional<Integer> parseInt(String text) {
    try {
      return Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static Optional<OptionalInt> parseIntOrOff(String text) {
    return text.equals(OFF)
        ? Optional.of(OptionalInt.empty())
        : parseInt(text).map(OptionalInt::of);
  }

  private static Optional<Duration> parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal unitNanos =
        switch (matcher.group(2)) {
          case "ms" -> BigDecimal.valueOf(1_000_000L);
          case "s" -> BigDecimal.valueOf(1_000_000_000L);
          case "m" -> BigDecimal.valueOf(60_000_000_000L);
          default -> BigDecimal.valueOf(3_600_000_000_000L);
        };
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(unitNanos);
    long bounded =
        nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).setScale(0, RoundingMode.DOWN).longValue();
    return Optional.of(Duration.ofNanos(bounded));
  }

  private static Optional<List<String>> items(Object raw) {
    if (raw instanceof List<?> list) {
      return list.stream().allMatch(String.class::isInstance)
          ? Optional.of(list.stream().map(String.class::cast).toList())
          : Optional.empty();
    }
    return scalar(raw)
        .map(text -> Arrays.stream(text.split("\\s+")).filter(part -> !part.isEmpty()).toList());
  }

  private static Optional<List<URI>> parseUris(List<String> items) {
    List<URI> uris = new ArrayList<>();
    for (String item : items) {
      try {
        uris.add(uri(item));
      } catch (URISyntaxException malformed) {
        return Optional.empty();
      }
    }
    return Optional.of(List.copyOf(uris));
  }

  /** Takes {@code etcd://[::1]:1,[::1]:2/x} too, which no URI is before it is escaped. */
  private static URI uri(String text) throws URISyntaxException {
    try {
      return new URI(text);
    } catch (URISyntaxException unescaped) {
      return new URI(Targets.escape(text));
    }
  }

  private static Optional<Map<String, String>> parsePairs(Object raw) {
    if (raw instanceof Map<?, ?> map) {
      boolean flat = map.values().stream().allMatch(String.class::isInstance);
      return flat ? Optional.of(asStrings(map)) : Optional.empty();
    }
    return scalar(raw).flatMap(ValueType::splitPairs);
  }

  private static Map<String, String> asStrings(Map<?, ?> map) {
    Map<String, String> pairs = new LinkedHashMap<>();
    map.forEach((name, value) -> pairs.put(String.valueOf(name), String.valueOf(value)));
    return Map.copyOf(pairs);
  }

  private static Optional<Map<String, String>> splitPairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      pairs.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
    }
    return Optional.of(Map.copyOf(pairs));
  }
}
