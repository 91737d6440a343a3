package io.evenkeel.server.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads a YAML file of settings into strings, lists and maps of strings. */
final class SettingsFile {
  /** A file of settings is a page; anything larger is a mistake or an attack. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private SettingsFile() {}

  /**
   * The top-level keys of the file with their values; empty for an empty file.
   *
   * @throws IllegalArgumentException if the file cannot be read or is not a YAML mapping
   */
  static Map<String, Object> read(Path path) {
    try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      return keysOf(path, yaml().load(reader));
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException(path + ": no such file", missing);
    } catch (AccessDeniedException denied) {
      throw new IllegalArgumentException(path + ": access denied", denied);
    } catch (IOException | YAMLException e) {
      throw new IllegalArgumentException(path + ": " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    // The parser wraps what the file says.
    Throwable told = e.getCause() instanceof IOException reading ? reading : e;
    return told instanceof CharacterCodingException
        ? "is not UTF-8"
        : String.valueOf(told.getMessage());
  }

  private static Map<String, Object> keysOf(Path path, Object document) {
    if (document == null || document.equals("")) {
      return Map.of();
    }
    if (!(document instanceof Map<?, ?> mapping)) {
      throw new IllegalArgumentException(
          path + ": not a mapping (expected: lines like port: 8080)");
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    mapping.forEach((key, value) -> keys.put(String.valueOf(key), value == null ? "" : value));
    return keys;
  }

  private static Yaml yaml() {
    LoaderOptions loading = new LoaderOptions();
    loading.setAllowDuplicateKeys(false);
    loading.setCodePointLimit(MAX_CHARACTERS);
    DumperOptions dumping = new DumperOptions();
    return new Yaml(
        new SafeConstructor(loading),
        new Representer(dumping),
        dumping,
        loading,
        new PlainScalars());
  }

  /** Leaves every scalar the text it is, so that the zone {@code no} is not the boolean false. */
  private static final class PlainScalars extends Resolver {
    @Override
    protected void addImplicitResolvers() {}
  }
}
