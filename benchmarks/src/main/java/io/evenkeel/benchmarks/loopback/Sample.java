package io.evenkeel.benchmarks.loopback;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What one run of load showed. */
record Sample(double callsPerSecond, double p50Micros, double p99Micros) {

  /** The median of {@code figure}; not a number when there is no sample. */
  static <T> double median(List<T> samples, ToDoubleFunction<T> figure) {
    double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
