package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds a list that loses too many endpoints at once, as from a registry that has restarted empty
 * or lost a part, until another look confirms it.
 *
 * <ul>
 *   <li>At once means within {@code confirm}: several small losses shortly after one another count
 *       together.
 *   <li>While a list is held, what is new in it is served, and so is what is missing.
 *   <li>The first list at the end of that time decides, whatever it says.
 * </ul>
 *
 * <p>A list costs time linear in its size. Not thread-safe.
 */
final class DropGuard {
  /** Of two endpoints, losing one is everyday life, and losing both leaves an empty list. */
  static final int SMALLEST = 3;

  private final int maxDropPercent;
  private final long confirmNanos;

  private Map<Object, Endpoint> served = Map.of();

  /**
   * What was removed during the last {@code confirm}, and when; the oldest first. Never more than
   * the permitted share of the list, for the next loss would be held.
   */
  private final Map<Object, Long> removed = new LinkedHashMap<>();

  private boolean holding;
  private long decidesAtNanos;
  private int held;

  DropGuard(SupervisorConfig config) {
    this.maxDropPercent = config.maxDropPercent();
    this.confirmNanos = config.confirm().toNanos();
  }

  /** What to serve, now that the registry says {@code seen}. */
  EndpointSet admit(EndpointSet seen, long nowNanos) {
    if (maxDropPercent == 100) {
      return seen;
    }
    Map<Object, Endpoint> listed = byAddresses(seen.endpoints());
    List<Endpoint> missing = missingIn(listed);
    removed.keySet().removeAll(listed.keySet());
    removed.values().removeIf(at -> nowNanos - at >= confirmNanos);
    if (holding && nowNanos - decidesAtNanos >= 0) {
      reset();
      served = listed;
      return seen;
    }
    if (!tooMany(missing.size())) {
      missing.forEach(endpoint -> removed.put(key(endpoint), nowNanos));
      serve(listed);
      return seen;
    }
    if (!holding) {
      holding = true;
      decidesAtNanos = nowNanos + confirmNanos;
    }
    held = missing.size();
    List<Endpoint> all = new ArrayList<>(seen.endpoints());
    all.addAll(missing);
    served = byAddresses(all);
    return new EndpointSet(
        all, seen.problems(), seen.serviceConfig(), seen.authority(), seen.complete());
  }

  /** How many endpoints are served only because the list that lacks them is held. */
  int held() {
    return held;
  }

  boolean holding() {
    return holding;
  }

  /** When the list that comes next decides; where {@link #holding}. */
  long decidesAtNanos() {
    return decidesAtNanos;
  }

  /** Forgets every list. */
  void reset() {
    serve(Map.of());
    removed.clear();
  }

  private void serve(Map<Object, Endpoint> listed) {
    served = listed;
    holding = false;
    held = 0;
  }

  private boolean tooMany(int missing) {
    int before = served.size() + removed.size();
    long lost = (long) missing + removed.size();
    return missing > 0 && before >= SMALLEST && lost * 100 > (long) maxDropPercent * before;
  }

  private List<Endpoint> missingIn(Map<Object, Endpoint> listed) {
    List<Endpoint> missing = new ArrayList<>();
    served.forEach(
        (key, endpoint) -> {
          if (!listed.containsKey(key)) {
            missing.add(endpoint);
          }
        });
    return missing;
  }

  private static Map<Object, Endpoint> byAddresses(List<Endpoint> endpoints) {
    Map<Object, Endpoint> map = new LinkedHashMap<>(endpoints.size() * 2);
    endpoints.forEach(endpoint -> map.put(key(endpoint), endpoint));
    return map;
  }

  private static Object key(Endpoint endpoint) {
    List<SocketAddress> addresses = endpoint.addresses();
    return addresses.size() == 1 ? addresses.get(0) : Set.copyOf(addresses);
  }
}
