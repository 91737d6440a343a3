package io.evenkeel.server;

/** Where a server is in its life; it only moves forward. */
public enum ServerState {
  /** Takes calls. */
  SERVING,
  /** Finishes what runs; clients were told to go elsewhere. */
  DRAINING,
  /** Has closed its ports and ended its threads. */
  TERMINATED
}
