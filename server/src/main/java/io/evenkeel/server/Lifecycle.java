package io.evenkeel.server;

/** Holds where a server is in its life. Written by whoever stops it, read by anyone. */
final class Lifecycle {
  private volatile ServerState state = ServerState.SERVING;

  ServerState state() {
    return state;
  }

  void moveTo(ServerState next) {
    state = next;
  }
}
