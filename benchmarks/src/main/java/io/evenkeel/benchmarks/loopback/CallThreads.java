package io.evenkeel.benchmarks.loopback;

import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;

/** Where applications' callbacks run, on clients and servers alike. */
enum CallThreads {
  /** On the thread that reads the socket. */
  DIRECT("direct executors"),
  /** On gRPC's shared pool, as when nothing is set. */
  DEFAULT("default executors");

  private final String display;

  CallThreads(String display) {
    this.display = display;
  }

  String display() {
    return display;
  }

  void apply(ManagedChannelBuilder<?> client) {
    if (this == DIRECT) {
      client.directExecutor();
    }
  }

  void apply(ServerBuilder<?> server) {
    if (this == DIRECT) {
      server.directExecutor();
    }
  }
}
