package io.evenkeel.benchmarks.loopback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The samples of all routes, in the order of the repetitions. */
final class LoadResults {
  private final Map<Key, List<Sample>> samples = new HashMap<>();

  void add(Route route, int inFlight, Sample sample) {
    samples.computeIfAbsent(new Key(route, inFlight), key -> new ArrayList<>()).add(sample);
  }

  /** Empty for a route that could not be taken. */
  List<Sample> of(Route route, int inFlight) {
    return samples.getOrDefault(new Key(route, inFlight), List.of());
  }

  /**
   * The median over the repetitions of {@code figure} by {@code ours} divided by {@code figure} by
   * {@code peer}; not a number when one of them was not measured. Runs of the same repetition are
   * close in time, so that their ratio says more than the ratio of medians.
   */
  double ratio(Route ours, Route peer, int inFlight, ToDoubleFunction<Sample> figure) {
    List<Sample> above = of(ours, inFlight);
    List<Sample> below = of(peer, inFlight);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
      ratios.add(figure.applyAsDouble(above.get(i)) / figure.applyAsDouble(below.get(i)));
    }
    return Sample.median(ratios, Double::doubleValue);
  }

  private record Key(Route route, int inFlight) {}
}
