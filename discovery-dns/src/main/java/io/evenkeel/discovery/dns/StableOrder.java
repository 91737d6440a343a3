package io.evenkeel.discovery.dns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Keeps a list in the order in which its elements were first seen. Name servers rotate their
 * answers, which must not look like a change; and sorted addresses would send all clients that
 * begin with the first to the same server. Not thread-safe.
 */
final class StableOrder<T> {
  private final Function<T, ?> key;
  private List<Object> order = List.of();

  /**
   * @param key what makes an element the same as before
   */
  StableOrder(Function<T, ?> key) {
    this.key = key;
  }

  /** {@code elements} in order; the new ones last. Of several with one key the last counts. */
  List<T> of(List<T> elements) {
    Map<Object, T> left = new LinkedHashMap<>();
    elements.forEach(each -> left.put(key.apply(each), each));
    Map<Object, T> ordered = new LinkedHashMap<>();
    for (Object known : order) {
      T element = left.remove(known);
      if (element != null) {
        ordered.put(known, element);
      }
    }
    ordered.putAll(left);
    order = List.copyOf(ordered.keySet());
    return new ArrayList<>(ordered.values());
  }
}
