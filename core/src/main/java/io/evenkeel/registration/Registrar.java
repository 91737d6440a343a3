package io.evenkeel.registration;

import io.evenkeel.Endpoint;
import java.util.List;

/**
 * The write side of one registry.
 *
 * <p>Calls block until the registry has confirmed, or throw within a bound that each implementation
 * states. Thread-safe.
 */
public interface Registrar extends AutoCloseable {

  /**
   * Refuses what {@link #register} will always refuse, without asking the registry: so a server can
   * stop at its start instead of trying for ever. By default nothing.
   *
   * @throws IllegalArgumentException if {@link RegistrationRules} refuse the name, id or address
   */
  default void check(String service, Endpoint endpoint) {}

  /**
   * Makes {@code endpoint} an instance of {@code service} and keeps it one until the registration
   * is closed or this process dies. An instance of the same service and id is replaced.
   *
   * <p>Where another live process holds the id, the last to register wins.
   *
   * @throws RegistrationException if the registry did not take it
   * @throws IllegalArgumentException if {@link RegistrationRules} refuse the name, id or address
   * @throws IllegalStateException if this registrar is closed
   */
  Registration register(String service, Endpoint endpoint) throws RegistrationException;

  /**
   * Removes an instance, also one that another process registered.
   *
   * @return whether there was one
   */
  boolean deregister(String service, String id) throws RegistrationException;

  /** Names of the services that have at least one live instance, sorted. */
  List<String> services() throws RegistrationException;

  /** The live instances of {@code service}, sorted by id; empty for a service nobody knows. */
  List<Endpoint> instances(String service) throws RegistrationException;

  /**
   * Ends every registration made through this registrar and releases its threads. Safe to call
   * twice.
   */
  @Override
  void close();
}
