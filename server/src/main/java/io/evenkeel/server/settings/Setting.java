package io.evenkeel.server.settings;

import java.util.Locale;

/**
 * One thing that can be set: its name, its type, its default and what it means.
 *
 * <p>The name is the same everywhere: {@code --drain-delay} as a flag, {@code drain-delay} in a
 * file, {@code EVENKEEL_DRAIN_DELAY} in the environment. Immutable.
 *
 * @param <T> type of its value
 */
public final class Setting<T> {
  static final String ENVIRONMENT_PREFIX = "EVENKEEL_";

  private final String key;
  private final ValueType<T> type;
  private final T defaultValue;
  private final String meaning;

  Setting(String key, ValueType<T> type, T defaultValue, String meaning) {
    this.key = key;
    this.type = type;
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  /** Its name in a file, and as a flag behind two dashes. */
  public String key() {
    return key;
  }

  /** Its name in the environment. */
  public String environmentVariable() {
    return ENVIRONMENT_PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The value when no source states one. */
  public T defaultValue() {
    return defaultValue;
  }

  /** One sentence for a user, as for a help text. */
  public String meaning() {
    return meaning;
  }

  /** What a value looks like, such as {@code 0..65535}. */
  public String expected() {
    return type.expected();
  }

  /**
   * Checks {@code value}.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  T check(T value) {
    if (!type.valid().test(value)) {
      throw refused(key, value);
    }
    return value;
  }

  /**
   * Reads a value.
   *
   * @param place where it stands, for the message
   * @param raw a string, or from a file also a list or a map
   * @throws IllegalArgumentException if it is malformed or out of range; names the place, the value
   *     and what is expected
   */
  T read(String place, Object raw) {
    T value = type.parser().parse(raw).orElseThrow(() -> refused(place, raw));
    if (!type.valid().test(value)) {
      throw refused(place, raw);
    }
    return value;
  }

  private IllegalArgumentException refused(String place, Object value) {
    return new IllegalArgumentException(
        place + ": \"" + value + "\" (expected: " + type.expected() + ")");
  }

  @Override
  public String toString() {
    return key;
  }
}
