package io.evenkeel.benchmarks.loopback;

/** What the JVM has done before the cold client's channel is made. */
enum Start {
  /** A channel to one endpoint has had an answer: classes are loaded. */
  CALLED_BEFORE("process that has called before"),
  /** Nothing: the first answer includes the time that a JVM takes to load gRPC. */
  NEW("new process");

  private final String display;

  Start(String display) {
    this.display = display;
  }

  String display() {
    return display;
  }
}
