package io.evenkeel.server.settings;

/** What a server does when a registry does not take it at start. */
public enum RegistrationFailure {
  /**
   * Serves, is not ready, and tries again: a registry that is down must not keep its services from
   * starting.
   */
  RETRY,
  /** Stops, and says why: for a server that nobody finds without this registry. */
  FAIL
}
