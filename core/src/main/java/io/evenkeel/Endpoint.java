package io.evenkeel;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One backend process as discovery knows it: where it listens, and how it wants to be treated.
 *
 * <p>Two endpoints are the same backend when their addresses are the same; everything else may
 * change while connections stay.
 *
 * @param id name of the process, unique within its service; the first address by default
 * @param addresses where it listens; more than one when the same process is reached by several, as
 *     over IPv4 and IPv6; never empty
 * @param weight its share of the traffic relative to others, 0 to {@value #MAX_WEIGHT}, {@value
 *     #DEFAULT_WEIGHT} by default; 0 means no traffic as long as another endpoint takes calls
 * @param zone failure domain it runs in, empty when unknown
 * @param priority 0 is to be used first, a higher number as a fallback
 * @param metadata what else its registration says, such as a version
 */
public record Endpoint(
    String id,
    List<SocketAddress> addresses,
    int weight,
    String zone,
    int priority,
    Map<String, String> metadata) {

  /** The weight of an endpoint that states none. */
  public static final int DEFAULT_WEIGHT = 1;

  /** The largest weight, so that the sum over any list of endpoints fits a {@code long}. */
  public static final int MAX_WEIGHT = 1_000_000;

  public Endpoint {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(zone, "zone");
    addresses = List.copyOf(addresses);
    metadata = Map.copyOf(metadata);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException(
          "addresses of endpoint \"" + id + "\": none (expected: at least one)");
    }
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight of endpoint \"" + id + "\": " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
    }
    if (priority < 0) {
      throw new IllegalArgumentException(
          "priority of endpoint \"" + id + "\": " + priority + " (expected: 0 or more)");
    }
  }

  /** An endpoint with one address and defaults for the rest. */
  public static Endpoint of(SocketAddress address) {
    return of(List.of(address));
  }

  /** An endpoint reached by any of {@code addresses}, with defaults for the rest. */
  public static Endpoint of(List<SocketAddress> addresses) {
    return new Endpoint(defaultId(addresses), addresses, DEFAULT_WEIGHT, "", 0, Map.of());
  }

  /**
   * Reads the endpoint back from what a name resolver handed to gRPC; attributes that are missing
   * get their default.
   */
  public static Endpoint of(EquivalentAddressGroup group) {
    Attributes attributes = group.getAttributes();
    List<SocketAddress> addresses = group.getAddresses();
    String id = attributes.get(EndpointAttributes.ID);
    return new Endpoint(
        id == null ? defaultId(addresses) : id,
        addresses,
        orElse(attributes.get(EndpointAttributes.WEIGHT), DEFAULT_WEIGHT),
        orElse(attributes.get(EndpointAttributes.ZONE), ""),
        orElse(attributes.get(EndpointAttributes.PRIORITY), 0),
        orElse(attributes.get(EndpointAttributes.METADATA), Map.of()));
  }

  /** This endpoint under another id. */
  public Endpoint withId(String id) {
    return new Endpoint(id, addresses, weight, zone, priority, metadata);
  }

  /** This endpoint at other addresses, as after a lookup of its host name. */
  public Endpoint withAddresses(List<SocketAddress> addresses) {
    return new Endpoint(id, addresses, weight, zone, priority, metadata);
  }

  /** This endpoint with another weight. */
  public Endpoint withWeight(int weight) {
    return new Endpoint(id, addresses, weight, zone, priority, metadata);
  }

  /** This endpoint in another zone. */
  public Endpoint withZone(String zone) {
    return new Endpoint(id, addresses, weight, zone, priority, metadata);
  }

  /** This endpoint with another priority. */
  public Endpoint withPriority(int priority) {
    return new Endpoint(id, addresses, weight, zone, priority, metadata);
  }

  /** This endpoint with other metadata. */
  public Endpoint withMetadata(Map<String, String> metadata) {
    return new Endpoint(id, addresses, weight, zone, priority, metadata);
  }

  /**
   * What a name resolver hands to gRPC for this endpoint: its addresses, and the rest under {@link
   * EndpointAttributes}.
   */
  public EquivalentAddressGroup toAddressGroup() {
    Attributes.Builder attributes = Attributes.newBuilder().set(EndpointAttributes.ID, id);
    if (weight != DEFAULT_WEIGHT) {
      attributes.set(EndpointAttributes.WEIGHT, weight);
    }
    if (!zone.isEmpty()) {
      attributes.set(EndpointAttributes.ZONE, zone);
    }
    if (priority != 0) {
      attributes.set(EndpointAttributes.PRIORITY, priority);
    }
    if (!metadata.isEmpty()) {
      attributes.set(EndpointAttributes.METADATA, metadata);
    }
    return new EquivalentAddressGroup(addresses, attributes.build());
  }

  /**
   * Its addresses as an operator writes them: {@code 127.0.0.1:8080}, several joined by {@code |}.
   */
  public String displayAddress() {
    StringJoiner joined = new StringJoiner("|");
    addresses.forEach(address -> joined.add(display(address)));
    return joined.toString();
  }

  private static String defaultId(List<SocketAddress> addresses) {
    return addresses.isEmpty() ? "" : display(addresses.get(0));
  }

  private static String display(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return address.toString();
    }
    String host = inet.isUnresolved() ? inet.getHostString() : inet.getAddress().getHostAddress();
    return host.indexOf(':') >= 0
        ? "[" + host + "]:" + inet.getPort()
        : host + ":" + inet.getPort();
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
