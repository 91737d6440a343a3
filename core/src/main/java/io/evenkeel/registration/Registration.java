package io.evenkeel.registration;

import io.evenkeel.Endpoint;

/** One instance that this process keeps registered. Thread-safe. */
public interface Registration extends AutoCloseable {

  /** What is registered now. */
  Endpoint endpoint();

  /**
   * Replaces what is registered, as after a change of weight. The id stays the same.
   *
   * @throws RegistrationException if the registry did not take it; the latest value is still what a
   *     renewal writes
   */
  void update(Endpoint endpoint) throws RegistrationException;

  /** Removes the instance from the registry, within a bound. Safe to call twice. */
  @Override
  void close();
}
