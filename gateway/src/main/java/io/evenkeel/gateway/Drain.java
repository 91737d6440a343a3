package io.evenkeel.gateway;

/** Whether the gateway has begun to end. Thread-safe. */
final class Drain {
  private volatile boolean begun;
  private volatile boolean closing;

  /** From now on not ready, but serving as before. */
  void begin() {
    begun = true;
  }

  /** From now on each connection ends with the answer it is waiting for. */
  void closeConnections() {
    closing = true;
  }

  boolean hasBegun() {
    return begun;
  }

  boolean isClosingConnections() {
    return closing;
  }
}
