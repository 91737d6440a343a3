package io.evenkeel;

/** Where an endpoint stands, as far as calls are concerned. */
public enum EndpointState {
  /**
   * No verdict yet: it waits for its turn to be connected, is being connected, or its health
   * service has not answered.
   */
  CONNECTING,
  /** It takes calls. */
  READY,
  /** Connected, but not serving. */
  UNHEALTHY,
  /** Connected, but it has failed too many calls: it takes none for a while. */
  EJECTED,
  /**
   * Not to be reached. It stays so while it is tried again, until it is connected: calls are not to
   * wait for it.
   */
  FAILED
}
