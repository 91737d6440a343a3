package io.evenkeel.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object, given as the maps, lists and boxed values that gRPC hands around.
 *
 * <p>Each getter makes its field a known one. {@link #rejectUnknownFields} refuses the rest, so a
 * misspelt field is an error and never a silent default. Numbers may be integers, doubles or
 * numeric strings: gRPC versions differ in what they parse JSON to. Not thread-safe.
 */
public final class ConfigReader {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?s");
  private static final int NANO_DIGITS = 9;

  private final String path;
  private final Map<String, ?> fields;
  private final TreeSet<String> known = new TreeSet<>();
  private final List<ConfigReader> children = new ArrayList<>();

  /**
   * Reads {@code fields}; {@code path} is how messages call the object, such as {@code
   * evenkeel.policy}.
   */
  public ConfigReader(String path, Map<String, ?> fields) {
    this.path = path;
    this.fields = fields;
  }

  /**
   * A whole number from {@code min} to {@code max}, or {@code otherwise} where the field is
   * missing.
   */
  public int intValue(String field, int otherwise, int min, int max) {
    Object value = value(field);
    if (value == null) {
      return otherwise;
    }
    Double number = number(value);
    if (number == null || number != Math.rint(number) || number < min || number > max) {
      throw wrong(field, value, "a whole number " + min + ".." + max);
    }
    return number.intValue();
  }

  /** A number from {@code min} to {@code max}, or {@code otherwise} where the field is missing. */
  public double doubleValue(String field, double otherwise, double min, double max) {
    Object value = value(field);
    if (value == null) {
      return otherwise;
    }
    Double number = number(value);
    if (number == null || !(number >= min && number <= max)) {
      throw wrong(field, value, "a number " + min + ".." + max);
    }
    return number;
  }

  /** A truth value, or {@code otherwise} where the field is missing. */
  public boolean booleanValue(String field, boolean otherwise) {
    Object value = value(field);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw wrong(field, value, "true or false");
  }

  /** A text, or {@code otherwise} where the field is missing. */
  public String stringValue(String field, String otherwise) {
    Object value = value(field);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(field, value, "a string");
  }

  /** A list of texts, or an empty one where the field is missing. */
  public List<String> stringList(String field) {
    Object value = value(field);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw wrong(field, value, "a list of strings");
  }

  /**
   * An object of texts, or an empty one where the field is missing. Numbers and truth values are
   * taken as they are written.
   */
  public Map<String, String> stringMap(String field) {
    Object value = value(field);
    Map<String, String> texts = new LinkedHashMap<>();
    if (value == null) {
      return texts;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(field, value, "an object");
    }
    map.forEach((key, each) -> texts.put(String.valueOf(key), text(field + "." + key, each)));
    return texts;
  }

  private String text(String field, @Nullable Object value) {
    if (value instanceof Double number && number == Math.rint(number)) {
      return String.valueOf(number.longValue());
    }
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw wrong(field, String.valueOf(value), "a string");
  }

  /**
   * A duration in protobuf's JSON form from {@code min} to {@code max}, or {@code otherwise} where
   * the field is missing.
   */
  public Duration durationValue(String field, Duration otherwise, Duration min, Duration max) {
    Object value = value(field);
    if (value == null) {
      return otherwise;
    }
    Duration duration = value instanceof String text ? duration(text) : null;
    if (duration == null || duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw wrong(
          field,
          value,
          "a duration such as \"10s\" or \"0.5s\", from " + seconds(min) + " to " + seconds(max));
    }
    return duration;
  }

  /**
   * The object in {@code field}; an empty one where the field is missing. Its unknown fields are
   * refused with this one's.
   */
  public ConfigReader object(String field) {
    Object value = value(field);
    if (value != null && !(value instanceof Map)) {
      throw wrong(field, value, "an object");
    }
    ConfigReader child =
        new ConfigReader(at(field), value == null ? Map.of() : stringKeys((Map<?, ?>) value));
    children.add(child);
    return child;
  }

  /** Names of the fields that are there. */
  public List<String> fieldNames() {
    return List.copyOf(fields.keySet());
  }

  /** The object as it was given. */
  public Map<String, ?> raw() {
    return fields;
  }

  /** How messages call this object. */
  public String path() {
    return path;
  }

  /**
   * Refuses what no getter has asked for, here and in the objects below.
   *
   * @throws ConfigException naming the first such field and the nearest valid one
   */
  public void rejectUnknownFields() {
    for (String field : fields.keySet()) {
      if (!known.contains(field)) {
        throw new ConfigException(at(field) + ": unknown field " + NearestName.hint(field, known));
      }
    }
    children.forEach(ConfigReader::rejectUnknownFields);
  }

  /**
   * An error about a field of this object: {@code evenkeel.policy.least_request.choiceCount: 1
   * (expected: …)}.
   */
  public ConfigException wrong(String field, Object value, String expected) {
    return new ConfigException(at(field) + ": " + show(value) + " (expected: " + expected + ")");
  }

  /** As somebody wrote it: gRPC turns whole numbers into doubles. */
  private static String show(Object value) {
    if (value instanceof Double number && number == number.longValue()) {
      return String.valueOf(number.longValue());
    }
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }

  private String at(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private @Nullable Object value(String field) {
    known.add(field);
    return fields.get(field);
  }

  private static @Nullable Double number(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    try {
      // Stricter than Double.valueOf, which takes "5d", " 5" and "0x1p3".
      return value instanceof String text ? new BigDecimal(text).doubleValue() : null;
    } catch (NumberFormatException notNumeric) {
      return null;
    }
  }

  private static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String fraction = matcher.group(2) == null ? "" : matcher.group(2);
    long nanos = Long.parseLong(fraction + "0".repeat(NANO_DIGITS - fraction.length()));
    return Duration.ofSeconds(Long.parseLong(matcher.group(1)), nanos);
  }

  private static String seconds(Duration duration) {
    return "\"" + duration.toNanos() / 1e9 + "s\"";
  }

  private static Map<String, Object> stringKeys(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}
