package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.grpc.EquivalentAddressGroup;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list of endpoints as the balancer takes it: each address set once, bad elements left out.
 *
 * @param endpoints by what makes them the same backend, their addresses
 * @param problems why elements were left out
 */
record EndpointList(Map<Object, EquivalentAddressGroup> endpoints, List<String> problems) {

  static EndpointList of(List<EquivalentAddressGroup> groups) {
    Map<Object, EquivalentAddressGroup> endpoints = new LinkedHashMap<>(groups.size() * 2);
    List<String> problems = new ArrayList<>();
    for (EquivalentAddressGroup group : groups) {
      try {
        // An endpoint refuses values that are out of range.
        Endpoint endpoint = Endpoint.of(group);
        if (endpoints.putIfAbsent(key(group), group) != null) {
          problems.add("left out: " + endpoint.displayAddress() + " is in the list twice");
        }
      } catch (IllegalArgumentException bad) {
        problems.add("left out: " + bad.getMessage());
      }
    }
    return new EndpointList(endpoints, problems);
  }

  /** Ends an error message with the first problem and how many there are. */
  String describeProblems() {
    return problems.isEmpty() ? "" : " (" + problems.size() + " skipped; " + problems.get(0) + ")";
  }

  /** Whether there are endpoints, and each says that it is to get no traffic. */
  boolean weightless() {
    return !endpoints.isEmpty()
        && endpoints.values().stream().allMatch(group -> Endpoint.of(group).weight() == 0);
  }

  /** What makes {@code group} the same backend as another: its addresses, in any order. */
  static Object key(EquivalentAddressGroup group) {
    List<SocketAddress> addresses = group.getAddresses();
    return addresses.size() == 1 ? addresses.get(0) : Set.copyOf(addresses);
  }
}
