package io.evenkeel.server.settings;

import io.evenkeel.config.NearestName;
import io.evenkeel.discovery.RegistryCredentials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from flags, the environment and a YAML file; where several state the same setting,
 * flags win over the environment, and the environment over the file.
 *
 * <p>The file is the one given to {@link #file}, else named by {@code --settings}, else by {@code
 * EVENKEEL_SETTINGS}. An unknown flag or key in the file is an error; an unknown variable is only
 * logged, since others share the environment. Not thread-safe.
 */
public final class SettingsLoader {
  private static final System.Logger log = System.getLogger(SettingsLoader.class.getName());
  private static final String FILE_KEY = "settings";
  private static final String FILE_VARIABLE =
      Setting.ENVIRONMENT_PREFIX + FILE_KEY.toUpperCase(Locale.ROOT);

  private final Map<String, String> flags = new LinkedHashMap<>();
  private Map<String, String> environment = Map.of();
  private @Nullable Path file;

  SettingsLoader() {}

  /** Flags that were already taken apart: key without dashes, and value. */
  public SettingsLoader flags(Map<String, String> flags) {
    this.flags.putAll(flags);
    return this;
  }

  /**
   * Flags as a command line has them, {@code --port 8080} or {@code --port=8080}. A flag that is
   * given twice adds to its list, as {@code --registry} may.
   *
   * @throws IllegalArgumentException if a word is not a flag or a flag has no value
   */
  public SettingsLoader arguments(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      int equals = word.indexOf('=');
      if (!word.startsWith("--")) {
        throw new IllegalArgumentException("\"" + word + "\" (expected: a flag such as --port)");
      }
      if (equals > 0) {
        addFlag(word.substring(2, equals), word.substring(equals + 1));
      } else if (++i < arguments.size()) {
        addFlag(word.substring(2), arguments.get(i));
      } else {
        throw new IllegalArgumentException(word + ": no value");
      }
    }
    return this;
  }

  private void addFlag(String key, String value) {
    // Only lists of URIs may be stated twice; for the rest the joined text is refused by its type.
    flags.merge(key, value, (first, second) -> first + " " + second);
  }

  /** The environment, usually {@link System#getenv()}. */
  public SettingsLoader environment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    return this;
  }

  /** A YAML file whose keys are those of {@link ServerSetting}. */
  public SettingsLoader file(Path file) {
    this.file = file;
    return this;
  }

  /**
   * Reads all sources.
   *
   * @throws IllegalArgumentException if a source cannot be read, a key is unknown, or a value is
   *     malformed or out of range; names the source, the key and what is expected
   */
  public ServerSettings load() {
    ServerSettings settings = ServerSettings.defaults();
    Optional<Path> settingsFile = settingsFile();
    if (settingsFile.isPresent()) {
      settings = readFile(settings, settingsFile.get());
    }
    settings = readEnvironment(settings);
    return readFlags(settings);
  }

  private Optional<Path> settingsFile() {
    if (file != null) {
      return Optional.of(file);
    }
    String named = flags.getOrDefault(FILE_KEY, environment.get(FILE_VARIABLE));
    return Optional.ofNullable(named).filter(name -> !name.isBlank()).map(Path::of);
  }

  private static ServerSettings readFile(ServerSettings settings, Path path) {
    ServerSettings read = settings;
    for (Map.Entry<String, Object> entry : SettingsFile.read(path).entrySet()) {
      String place = path + ": " + entry.getKey();
      read = read.withRead(settingFor(entry.getKey(), place, ""), place, entry.getValue());
    }
    return read;
  }

  private ServerSettings readEnvironment(ServerSettings settings) {
    ServerSettings read = settings;
    for (Setting<?> setting : ServerSetting.all()) {
      String value = environment.get(setting.environmentVariable());
      // An empty variable is how many launchers say that there is none.
      if (value != null && !value.isBlank()) {
        read = read.withRead(setting, setting.environmentVariable(), value);
      }
    }
    warnOfUnknownVariables();
    return read;
  }

  private ServerSettings readFlags(ServerSettings settings) {
    ServerSettings read = settings;
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      if (flag.getKey().equals(FILE_KEY)) {
        continue;
      }
      String place = "--" + flag.getKey();
      Setting<?> setting = settingFor(flag.getKey(), place, "--");
      read = read.withRead(setting, place, flag.getValue());
    }
    return read;
  }

  private static Setting<?> settingFor(String key, String place, String prefix) {
    for (Setting<?> setting : ServerSetting.all()) {
      if (setting.key().equals(key)) {
        return setting;
      }
    }
    String hint = NearestName.hint(prefix + key, spellings(setting -> prefix + setting.key()));
    throw new IllegalArgumentException(place + ": unknown setting " + hint);
  }

  private void warnOfUnknownVariables() {
    List<String> known = new ArrayList<>(spellings(Setting::environmentVariable));
    known.add(FILE_VARIABLE);
    for (String name : environment.keySet()) {
      if (name.startsWith(Setting.ENVIRONMENT_PREFIX)
          && !known.contains(name)
          && !RegistryCredentials.isVariable(name)) {
        log.log(
            System.Logger.Level.WARNING,
            "{0}: not a setting of the server {1}",
            name,
            NearestName.hint(name, known));
      }
    }
  }

  private static List<String> spellings(Function<Setting<?>, String> spelling) {
    return ServerSetting.all().stream().map(spelling).toList();
  }
}
