package io.evenkeel.registration;

import java.net.URI;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Finds the registrar for a registry's URI. */
public final class Registrars {

  private Registrars() {}

  /**
   * Opens the registry at {@code registry}, such as {@code file:///var/run/services}.
   *
   * @throws IllegalArgumentException if no registrar on the class path knows the scheme; the
   *     message names those that exist
   */
  public static Registrar open(URI registry) {
    TreeSet<String> known = new TreeSet<>();
    for (RegistrarProvider provider : ServiceLoader.load(RegistrarProvider.class)) {
      if (provider.scheme().equals(registry.getScheme())) {
        return provider.open(registry);
      }
      known.add(provider.scheme());
    }
    throw new IllegalArgumentException(
        "registry \""
            + registry
            + "\": scheme "
            + registry.getScheme()
            + " (expected one of: "
            + known
            + ")");
  }
}
