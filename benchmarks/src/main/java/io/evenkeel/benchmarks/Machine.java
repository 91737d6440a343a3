package io.evenkeel.benchmarks;

import io.grpc.LoadBalancer;

/** Names what was measured on. */
public final class Machine {

  private Machine() {}

  /** Java, processors and the version of grpc-java, as a sentence. */
  public static String describe() {
    return "Java %s, %d processors, grpc-java %s."
        .formatted(
            System.getProperty("java.version"),
            Runtime.getRuntime().availableProcessors(),
            LoadBalancer.class.getPackage().getImplementationVersion());
  }
}
