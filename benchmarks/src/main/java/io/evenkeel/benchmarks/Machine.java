package io.evenkeel.benchmarks;

import io.grpc.LoadBalancer;

/** Names what was measured on. */
final class Machine {

  private Machine() {}

  static String describe() {
    return "Java %s, %d processors, grpc-java %s."
        .formatted(
            System.getProperty("java.version"),
            Runtime.getRuntime().availableProcessors(),
            LoadBalancer.class.getPackage().getImplementationVersion());
  }
}
