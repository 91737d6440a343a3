package io.evenkeel.registration;

import java.net.URI;

/**
 * Opens registries of one scheme. Found by {@link java.util.ServiceLoader}; needs a public
 * constructor without arguments.
 */
public interface RegistrarProvider {

  /** The scheme of the URIs it opens, such as {@code file}. */
  String scheme();

  /**
   * Opens the registry at {@code registry}. Credentials come from files or the environment, never
   * from the URI.
   *
   * @throws IllegalArgumentException if the URI is not one of this registry's
   */
  Registrar open(URI registry);
}
