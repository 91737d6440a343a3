package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a discovery knows of a service at one moment.
 *
 * @param endpoints in the order of the registry; of several with the same addresses only the first
 *     is kept, so that no duplicate doubles a share
 * @param problems what was left out and why, one sentence each; never a reason to drop the rest
 * @param serviceConfig the service config in gRPC's JSON form, or null where the registry has none
 * @param authority whose name the endpoints prove under TLS
 * @param complete false where asking again soon may find more, as after a failed lookup
 */
public record EndpointSet(
    List<Endpoint> endpoints,
    List<String> problems,
    @Nullable Map<String, ?> serviceConfig,
    Authority authority,
    boolean complete) {

  public EndpointSet {
    problems = new ArrayList<>(problems);
    endpoints = withoutDuplicates(endpoints, problems);
    problems = Collections.unmodifiableList(problems);
    serviceConfig = serviceConfig == null ? null : Collections.unmodifiableMap(serviceConfig);
  }

  /** A complete set without problems or service config, as registries give it. */
  public static EndpointSet of(List<Endpoint> endpoints) {
    return of(endpoints, List.of());
  }

  /** As {@link #of(List)}, of a list that lacks something: duplicates are added to the problems. */
  public static EndpointSet of(List<Endpoint> endpoints, List<String> problems) {
    return new EndpointSet(endpoints, problems, null, Authority.SERVICE, true);
  }

  /** This set with {@code problems} in place of its own. */
  public EndpointSet withProblems(List<String> problems) {
    return new EndpointSet(endpoints, problems, serviceConfig, authority, complete);
  }

  /** This set with another service config. */
  public EndpointSet withServiceConfig(@Nullable Map<String, ?> serviceConfig) {
    return new EndpointSet(endpoints, problems, serviceConfig, authority, complete);
  }

  /** This set, whose endpoints prove another name. */
  public EndpointSet withAuthority(Authority authority) {
    return new EndpointSet(endpoints, problems, serviceConfig, authority, complete);
  }

  /** Whether a channel would do the same with {@code other}: only problems may differ. */
  boolean meansTheSameAs(EndpointSet other) {
    return endpoints.equals(other.endpoints)
        && authority == other.authority
        && Objects.equals(serviceConfig, other.serviceConfig);
  }

  private static List<Endpoint> withoutDuplicates(List<Endpoint> endpoints, List<String> problems) {
    Set<Object> seen = new HashSet<>();
    List<Endpoint> kept = new ArrayList<>(endpoints.size());
    for (Endpoint endpoint : endpoints) {
      if (seen.add(key(endpoint.addresses()))) {
        kept.add(endpoint);
      } else {
        problems.add(
            "endpoint \"%s\" at %s: listed twice, the first one counts"
                .formatted(endpoint.id(), endpoint.displayAddress()));
      }
    }
    return Collections.unmodifiableList(kept);
  }

  private static Object key(List<SocketAddress> addresses) {
    return addresses.size() == 1 ? addresses.get(0) : Set.copyOf(addresses);
  }
}
