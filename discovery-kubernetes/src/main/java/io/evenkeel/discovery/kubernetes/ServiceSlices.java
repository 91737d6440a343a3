package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.kubernetes.SliceJson.Slice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The slices of one service, as far as they are known. Used by one thread at a time. */
final class ServiceSlices {
  private final ServicePort port;
  private Map<String, Slice> byName = new TreeMap<>();

  ServiceSlices(ServicePort port) {
    this.port = port;
  }

  /** These are all slices now; true if that was not known. */
  boolean list(List<Slice> slices) {
    Map<String, Slice> listed = new TreeMap<>();
    slices.forEach(each -> listed.put(each.name(), each));
    boolean news = !listed.equals(byName);
    byName = listed;
    return news;
  }

  /** A slice is new, or another than it was. */
  void put(Slice slice) {
    byName.put(slice.name(), slice);
  }

  /** The slice of this name is gone, and with it what only it held. */
  void remove(String name) {
    byName.remove(name);
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** What all of them together say. */
  EndpointSet endpoints() {
    List<EndpointSlice> good =
        byName.values().stream().map(Slice::slice).filter(Objects::nonNull).toList();
    EndpointSet merged = SliceMerge.merge(port, good);
    List<String> problems = new ArrayList<>();
    byName.values().stream()
        .map(Slice::problem)
        .filter(each -> !each.isEmpty())
        .forEach(problems::add);
    problems.addAll(merged.problems());
    return merged.withProblems(problems);
  }
}
