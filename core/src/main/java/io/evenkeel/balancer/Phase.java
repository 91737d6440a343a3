package io.evenkeel.balancer;

/** Where an endpoint stands, as far as calls are concerned. */
enum Phase {
  /** No verdict yet: it is being connected, or its health service has not answered. */
  CONNECTING,
  /** It takes calls. */
  READY,
  /** Connected, but not serving. */
  UNHEALTHY,
  /**
   * Not to be reached. It stays so while it is tried again, until it is connected: calls are not to
   * wait for it.
   */
  FAILED
}
