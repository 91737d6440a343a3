package io.evenkeel.server.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A value for each setting of a server: {@code ServerSettings.defaults().with(ServerSetting.PORT,
 * 8080)}. Immutable.
 */
public final class ServerSettings {
  private static final ServerSettings DEFAULTS = new ServerSettings(Map.of());

  private final Map<Setting<?>, Object> stated;

  private ServerSettings(Map<Setting<?>, Object> stated) {
    this.stated = stated;
  }

  /** Every setting at its default. */
  public static ServerSettings defaults() {
    return DEFAULTS;
  }

  /** Reads settings from flags, the environment and a file. */
  public static SettingsLoader loader() {
    return new SettingsLoader();
  }

  /** The value of {@code setting}: the one stated, or the default. */
  @SuppressWarnings(
      "unchecked") // with() is the only way in, and pairs a setting with its own type.
  public <T> T get(Setting<T> setting) {
    Object value = stated.get(setting);
    return value == null ? setting.defaultValue() : (T) value;
  }

  /** Whether {@code setting} was given a value, be it the default. */
  public boolean states(Setting<?> setting) {
    return stated.containsKey(setting);
  }

  /**
   * These settings with another value for one.
   *
   * @throws IllegalArgumentException if {@code value} is out of range
   */
  public <T> ServerSettings with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new LinkedHashMap<>(stated);
    changed.put(setting, setting.check(value));
    return new ServerSettings(changed);
  }

  /** These settings with another value for one, read from a source. */
  <T> ServerSettings withRead(Setting<T> setting, String place, Object raw) {
    return with(setting, setting.read(place, raw));
  }

  /** What differs from the defaults. */
  @Override
  public String toString() {
    StringJoiner joined = new StringJoiner(", ", "{", "}");
    stated.forEach((setting, value) -> joined.add(setting.key() + ": " + value));
    return joined.toString();
  }
}
