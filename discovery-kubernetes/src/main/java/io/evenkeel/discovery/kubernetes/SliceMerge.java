package io.evenkeel.discovery.kubernetes;

import com.google.common.net.InetAddresses;
import io.evenkeel.discovery.EndpointSet;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one list of all slices of a service, as kube-proxy does.
 *
 * <ul>
 *   <li>Endpoints that are ready are used. Those that are on their way out but still serve are used
 *       only where none is ready.
 *   <li>While Kubernetes moves an endpoint from slice to slice it may be in two: it counts once,
 *       and as ready if one of the two says so.
 *   <li>A pod of two address families is in slices of both, and is one endpoint of two addresses.
 * </ul>
 *
 * <p>Used once, by one thread.
 */
final class SliceMerge {
  /** Names of metadata; what they hold is the field of the same name. */
  static final String NODE_NAME = "nodeName";

  /** Zones whose clients Kubernetes wants to use this endpoint, joined by commas. */
  static final String FOR_ZONES = "forZones";

  private final ServicePort port;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Merged> merged = new LinkedHashMap<>();
  private int unready;

  private SliceMerge(ServicePort port) {
    this.port = port;
  }

  /** The endpoints that {@code slices} hold, in their order. */
  static EndpointSet merge(ServicePort port, Collection<EndpointSlice> slices) {
    SliceMerge merge = new SliceMerge(port);
    slices.forEach(merge::add);
    return merge.result();
  }

  private void add(EndpointSlice slice) {
    List<Endpoint> endpoints = present(slice.getEndpoints());
    if (endpoints.isEmpty()) {
      return;
    }
    List<EndpointPort> ports = present(slice.getPorts());
    int number = port.in(ports);
    if (number == 0) {
      addProblem(port.missing(ports));
      return;
    }
    for (Endpoint endpoint : endpoints) {
      Standing standing = Standing.of(endpoint.getConditions());
      if (standing == Standing.OUT) {
        unready++;
      } else {
        add(endpoint, standing, addresses(slice, endpoint, number));
      }
    }
  }

  private void add(Endpoint endpoint, Standing standing, List<SocketAddress> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    ObjectReference pod = endpoint.getTargetRef();
    String key =
        pod == null || pod.getUid() == null ? addresses.get(0).toString() : "uid " + pod.getUid();
    Merged known = merged.computeIfAbsent(key, unused -> new Merged(endpoint, standing));
    known.standing = known.standing.better(standing);
    known.addresses.addAll(addresses);
  }

  private List<SocketAddress> addresses(EndpointSlice slice, Endpoint endpoint, int number) {
    List<SocketAddress> addresses = new ArrayList<>();
    for (String text : present(endpoint.getAddresses())) {
      if (InetAddresses.isInetAddress(text)) {
        addresses.add(new InetSocketAddress(InetAddresses.forString(text), number));
      } else if (!text.isEmpty() && "FQDN".equals(slice.getAddressType())) {
        addresses.add(InetSocketAddress.createUnresolved(text, number));
      } else {
        addProblem(
            "slice \"%s\": \"%s\" is no %s address"
                .formatted(slice.getMetadata().getName(), text, slice.getAddressType()));
      }
    }
    return addresses;
  }

  private void addProblem(String problem) {
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  private EndpointSet result() {
    List<Merged> used = standing(Standing.READY);
    if (used.isEmpty()) {
      used = standing(Standing.LEAVING);
    }
    Set<SocketAddress> taken = new HashSet<>();
    List<io.evenkeel.Endpoint> endpoints = new ArrayList<>(used.size());
    for (Merged each : used) {
      each.addresses.removeIf(address -> !taken.add(address));
      if (!each.addresses.isEmpty()) {
        endpoints.add(each.endpoint());
      }
    }
    if (endpoints.isEmpty() && unready > 0) {
      addProblem("none of %d endpoints is ready".formatted(unready));
    }
    return EndpointSet.of(endpoints, problems);
  }

  private List<Merged> standing(Standing standing) {
    return merged.values().stream().filter(each -> each.standing == standing).toList();
  }

  /** What is there: a list may be missing, and an element null. */
  private static <T> List<T> present(@Nullable List<T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
  }

  /** One endpoint, as far as it was seen. */
  private static final class Merged {
    private final Endpoint first;
    private final Set<SocketAddress> addresses = new LinkedHashSet<>();
    private Standing standing;

    Merged(Endpoint first, Standing standing) {
      this.first = first;
      this.standing = standing;
    }

    io.evenkeel.Endpoint endpoint() {
      List<SocketAddress> ordered = new ArrayList<>(addresses);
      // Whichever slice came first, so that the list does not change with their names.
      ordered.sort((one, two) -> Boolean.compare(isIpv4(two), isIpv4(one)));
      io.evenkeel.Endpoint endpoint =
          io.evenkeel.Endpoint.of(ordered).withZone(zone()).withMetadata(metadata());
      ObjectReference pod = first.getTargetRef();
      return pod == null || pod.getName() == null ? endpoint : endpoint.withId(pod.getName());
    }

    private static boolean isIpv4(SocketAddress address) {
      InetAddress ip = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
      return ip instanceof Inet4Address;
    }

    private String zone() {
      return first.getZone() == null ? topology("topology.kubernetes.io/zone") : first.getZone();
    }

    private Map<String, String> metadata() {
      Map<String, String> metadata = new LinkedHashMap<>();
      String node =
          first.getNodeName() == null ? topology("kubernetes.io/hostname") : first.getNodeName();
      if (!node.isEmpty()) {
        metadata.put(NODE_NAME, node);
      }
      if (first.getHints() != null) {
        String zones =
            String.join(
                ",",
                present(first.getHints().getForZones()).stream().map(z -> z.getName()).toList());
        if (!zones.isEmpty()) {
          metadata.put(FOR_ZONES, zones);
        }
      }
      return metadata;
    }

    /** Where v1beta1 says what has a field of its own in v1. */
    private String topology(String key) {
      Object topology = first.getAdditionalProperties().get("topology");
      Object value = topology instanceof Map<?, ?> map ? map.get(key) : null;
      return value instanceof String text ? text : "";
    }
  }
}
