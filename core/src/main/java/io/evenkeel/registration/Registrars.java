package io.evenkeel.registration;

import io.evenkeel.Targets;
import io.evenkeel.config.ConfigException;
import java.net.URI;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Finds the registrar for a registry's URI. */
public final class Registrars {

  private Registrars() {}

  /**
   * Opens the registry at {@code registry}, such as {@code file:///var/run/services}.
   *
   * @throws IllegalArgumentException if no registrar on the class path knows the scheme, with those
   *     that exist; or if a setting is wrong, with what was expected
   */
  public static Registrar open(URI registry) {
    TreeSet<String> known = new TreeSet<>();
    for (RegistrarProvider provider : ServiceLoader.load(RegistrarProvider.class)) {
      if (provider.scheme().equals(registry.getScheme())) {
        return open(provider, registry);
      }
      known.add(provider.scheme());
    }
    throw new IllegalArgumentException(
        "registry \""
            + Targets.redact(registry.toString())
            + "\": scheme "
            + registry.getScheme()
            + " (expected one of: "
            + known
            + ")");
  }

  private static Registrar open(RegistrarProvider provider, URI registry) {
    try {
      return provider.open(registry);
    } catch (ConfigException setting) {
      throw new IllegalArgumentException(
          "registry \"" + Targets.redact(registry.toString()) + "\": " + setting.getMessage(),
          setting);
    }
  }
}
