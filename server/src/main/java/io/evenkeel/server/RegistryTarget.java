package io.evenkeel.server;

import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import java.net.URI;

/**
 * A registry that a server registers in.
 *
 * @param name for messages
 * @param ownership whether it is closed with the server
 */
record RegistryTarget(String name, Registrar registrar, Ownership ownership) {

  enum Ownership {
    /** Opened for this server, closed with it. */
    OURS,
    /** Handed in; who opened it closes it. */
    THEIRS
  }

  static RegistryTarget open(URI registry) {
    return new RegistryTarget(registry.toString(), Registrars.open(registry), Ownership.OURS);
  }

  static RegistryTarget borrow(Registrar registrar) {
    return new RegistryTarget(registrar.getClass().getSimpleName(), registrar, Ownership.THEIRS);
  }

  void release() {
    if (ownership == Ownership.OURS) {
      registrar.close();
    }
  }
}
