package io.evenkeel.benchmarks.loopback;

import java.time.Duration;

/**
 * How long to put load on a route.
 *
 * @param warmup once, before anything is measured
 * @param settling before each measurement, not counted
 * @param measuring what counts
 * @param repetitions how many measurements of each route are made, in turns
 */
record LoadPlan(Duration warmup, Duration settling, Duration measuring, int repetitions) {
  static final LoadPlan FULL =
      new LoadPlan(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(2), 7);
  static final LoadPlan FAST =
      new LoadPlan(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMillis(600), 3);
}
