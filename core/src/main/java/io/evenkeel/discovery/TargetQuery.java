package io.evenkeel.discovery;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.NearestName;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings behind the {@code ?} of a target or registry URI, {@code ?interval=30s&tls=
 * true}, as strictly as service config is read. Names and values are percent-decoded; a {@code +}
 * is a plus.
 *
 * <p>Each getter makes its name a known one. {@link #rejectUnknown} refuses the rest, so a misspelt
 * name is an error and never a silent default. Not thread-safe.
 */
public final class TargetQuery {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private final Map<String, String> values;
  private final TreeSet<String> known = new TreeSet<>();

  /** A setting that nobody has asked for; the supervisor adds its own names to what is valid. */
  static final class UnknownSettingException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final TreeSet<String> known;

    private UnknownSettingException(String name, Set<String> known) {
      super("?" + name + ": unknown setting " + NearestName.hint(name, known));
      this.name = name;
      this.known = new TreeSet<>(known);
    }

    /** The same where {@code others} are valid too. */
    UnknownSettingException beside(Set<String> others) {
      Set<String> all = new TreeSet<>(known);
      all.addAll(others);
      return new UnknownSettingException(name, all);
    }
  }

  private TargetQuery(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Splits the query of {@code uri}; there need not be one.
   *
   * @throws ConfigException if a setting has no value, or is there twice
   */
  public static TargetQuery of(URI uri) {
    Map<String, String> values = new LinkedHashMap<>();
    String query = uri.getRawQuery();
    if (query == null || query.isEmpty()) {
      return new TargetQuery(values);
    }
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new ConfigException("?" + part + " (expected: ?name=value)");
      }
      String name = decode(part.substring(0, equals));
      if (values.put(name, decode(part.substring(equals + 1))) != null) {
        throw new ConfigException("?" + name + " is set twice");
      }
    }
    return new TargetQuery(values);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** A text, or {@code otherwise} where the setting is missing. */
  public String stringValue(String name, String otherwise) {
    String value = value(name);
    return value == null ? otherwise : value;
  }

  /** {@code true} or {@code false}, or {@code otherwise} where the setting is missing. */
  public boolean booleanValue(String name, boolean otherwise) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(name, value, "true or false");
    }
    return value.equals("true");
  }

  /**
   * A whole number from {@code min} to {@code max}, or {@code otherwise} where the setting is
   * missing.
   */
  public int intValue(String name, int otherwise, int min, int max) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    String expected = "a whole number " + min + ".." + max;
    if (!value.matches("-?\\d{1,9}")) {
      throw wrong(name, value, expected);
    }
    int number = Integer.parseInt(value);
    if (number < min || number > max) {
      throw wrong(name, value, expected);
    }
    return number;
  }

  /** A percentage such as {@code 50%}, or {@code otherwise} where the setting is missing. */
  public int percentValue(String name, int otherwise) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("\\d{1,3}%") || number(value, 1) > 100) {
      throw wrong(name, value, "a percentage 0%..100%");
    }
    return (int) number(value, 1);
  }

  /**
   * A duration such as {@code 20ms}, {@code 5s}, {@code 10m} or {@code 1h} from {@code min} to
   * {@code max}, or {@code otherwise} where the setting is missing.
   */
  public Duration durationValue(String name, Duration otherwise, Duration min, Duration max) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    Duration duration = duration(value);
    if (duration == null || duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw wrong(
          name,
          value,
          "a duration such as 20ms, 5s or 10m, from " + text(min) + " to " + text(max));
    }
    return duration;
  }

  private static @Nullable Duration duration(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      return null;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private static long number(String value, int unitLength) {
    return Long.parseLong(value.substring(0, value.length() - unitLength));
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  /**
   * Refuses what no getter has asked for.
   *
   * @throws ConfigException naming the first such setting and the nearest valid one
   */
  public void rejectUnknown() {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new UnknownSettingException(name, known);
      }
    }
  }

  private static ConfigException wrong(String name, String value, String expected) {
    return new ConfigException("?" + name + ": \"" + value + "\" (expected: " + expected + ")");
  }

  private @Nullable String value(String name) {
    known.add(name);
    return values.get(name);
  }
}
