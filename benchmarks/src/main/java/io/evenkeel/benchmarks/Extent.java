package io.evenkeel.benchmarks;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** How long and over how many sizes to measure. */
enum Extent {
  FULL(ImmutableList.of("3", "100", "1000", "10000"), 1, 3, 500, 5),
  FAST(ImmutableList.of("1000"), 1, 3, 200, 3);

  private final ImmutableList<String> endpoints;
  private final int forks;
  private final int iterations;
  private final int iterationMillis;
  private final int repetitions;

  Extent(
      ImmutableList<String> endpoints,
      int forks,
      int iterations,
      int iterationMillis,
      int repetitions) {
    this.endpoints = endpoints;
    this.forks = forks;
    this.iterations = iterations;
    this.iterationMillis = iterationMillis;
    this.repetitions = repetitions;
  }

  List<String> endpoints() {
    return endpoints;
  }

  /** The numbers of endpoints at which changes of state are measured. */
  List<Integer> updateSizes() {
    return endpoints.stream().map(Integer::valueOf).toList();
  }

  int forks() {
    return forks;
  }

  int iterations() {
    return iterations;
  }

  int iterationMillis() {
    return iterationMillis;
  }

  int repetitions() {
    return repetitions;
  }
}
