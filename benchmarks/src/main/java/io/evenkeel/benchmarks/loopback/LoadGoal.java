package io.evenkeel.benchmarks.loopback;

import io.evenkeel.benchmarks.Goal;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a direct call is meant to be beside one through a proxy.
 *
 * @param figure what is divided by the same figure of {@code peer}
 */
record LoadGoal(Goal goal, Route peer, ToDoubleFunction<Sample> figure) {
  /** With one call in flight. */
  static final List<LoadGoal> LATENCY =
      List.of(
          new LoadGoal(Goal.atMost("p50 ÷ nginx", 0.8), Route.NGINX, Sample::p50Micros),
          new LoadGoal(Goal.atMost("p50 ÷ haproxy", 0.8), Route.HAPROXY, Sample::p50Micros));

  /** With as many in flight as the processors can serve. */
  static List<LoadGoal> of(CallThreads threads) {
    return switch (threads) {
      case DIRECT -> throughput(2.3, 1.7);
      case DEFAULT -> throughput(1.3, 1.0);
    };
  }

  private static List<LoadGoal> throughput(double ofNginx, double ofHaproxy) {
    return List.of(
        new LoadGoal(Goal.atLeast("calls/s ÷ nginx", ofNginx), Route.NGINX, Sample::callsPerSecond),
        new LoadGoal(
            Goal.atLeast("calls/s ÷ haproxy", ofHaproxy), Route.HAPROXY, Sample::callsPerSecond));
  }
}
