package io.evenkeel.discovery.consul;

import com.google.common.net.InetAddresses;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instance as Consul tells it: the service, the node it runs on, and the checks of both.
 *
 * <p>Where nothing of ours stands in {@code Meta}, an instance of any other program is read as
 * Consul's own clients do: by {@code Service.Address}, or the node's where that is empty, and
 * {@code Service.Weights}.
 *
 * @param service {@code Service} of a health entry, or what an agent tells of its own
 * @param node {@code Node} of a health entry; empty where an agent tells of its own
 * @param state the worst of its checks
 */
record ServiceEntry(JsonObject service, JsonObject node, State state) {
  private static final JsonObject EMPTY = new JsonObject();

  /** What checks say, from good to bad. */
  enum State {
    PASSING,
    WARNING,
    CRITICAL
  }

  /**
   * Reads an element of {@code /v1/health/service}.
   *
   * @throws IllegalArgumentException if it is no such thing
   */
  static ServiceEntry ofHealth(JsonElement element) {
    if (!(element instanceof JsonObject entry)
        || !(entry.get("Service") instanceof JsonObject service)) {
      throw new IllegalArgumentException("an element has no \"Service\"");
    }
    return new ServiceEntry(service, object(entry, "Node"), worst(entry.get("Checks")));
  }

  /** What an agent tells of a service of its own by {@code /v1/agent/service}. */
  static ServiceEntry ofAgent(JsonObject service) {
    return new ServiceEntry(service, EMPTY, State.PASSING);
  }

  private static State worst(@Nullable JsonElement checks) {
    State worst = State.PASSING;
    if (checks instanceof JsonArray all) {
      for (JsonElement each : all) {
        State state =
            switch (each instanceof JsonObject check ? text(check, "Status") : "") {
              case "passing" -> State.PASSING;
              case "warning" -> State.WARNING;
              default -> State.CRITICAL;
            };
        worst = state.compareTo(worst) > 0 ? state : worst;
      }
    }
    return worst;
  }

  /** What messages call it. */
  String name() {
    return "instance \"" + text(service, "ID") + "\" on node \"" + nodeName() + "\"";
  }

  String serviceId() {
    return text(service, "ID");
  }

  String nodeName() {
    return text(node, "Node");
  }

  /** A text of {@code Meta}, or empty. */
  String meta(String key) {
    return text(object(service, "Meta"), key);
  }

  /**
   * The endpoint.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  Endpoint endpoint() {
    return new Endpoint(
        id(), addresses(), weight(), zone(), number(meta(ServiceMeta.PRIORITY), 0), metadata());
  }

  /** The one it was registered under; of others the node's name with it, as ids are per node. */
  private String id() {
    String own = meta(ServiceMeta.ID);
    return own.isEmpty() ? nodeName() + "/" + serviceId() : own;
  }

  private List<SocketAddress> addresses() {
    String several = meta(ServiceMeta.ADDRESSES);
    if (!several.isEmpty()) {
      List<SocketAddress> addresses = new ArrayList<>();
      for (String each : several.split(",", -1)) {
        addresses.add(HostPort.parse(each));
      }
      return addresses;
    }
    String host = text(service, "Address");
    return List.of(address(host.isEmpty() ? text(node, "Address") : host));
  }

  private InetSocketAddress address(String host) {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("neither it nor its node has an address");
    }
    int port = integer(service, "Port", 0);
    if (port == 0) {
      throw new IllegalArgumentException("it has no port");
    }
    boolean bareIpv6 = host.indexOf(':') >= 0 && InetAddresses.isInetAddress(host);
    return HostPort.parse((bareIpv6 ? "[" + host + "]" : host) + ":" + port);
  }

  /** What stands in {@code Meta} goes beyond the 1 to 65,535 that Consul's own weights allow. */
  private int weight() {
    JsonObject weights = object(service, "Weights");
    if (state == State.WARNING) {
      return bounded(integer(weights, "Warning", Endpoint.DEFAULT_WEIGHT));
    }
    int own = number(meta(ServiceMeta.WEIGHT), -1);
    return bounded(own >= 0 ? own : integer(weights, "Passing", Endpoint.DEFAULT_WEIGHT));
  }

  private static int bounded(int weight) {
    return Math.max(0, Math.min(Endpoint.MAX_WEIGHT, weight));
  }

  /** That of the service before that of its node; Consul's own field is there since 1.16. */
  private String zone() {
    List<String> places =
        List.of(
            meta(ServiceMeta.ZONE),
            text(object(service, "Locality"), "Zone"),
            text(object(node, "Meta"), ServiceMeta.ZONE),
            text(object(node, "Locality"), "Zone"));
    return places.stream().filter(zone -> !zone.isEmpty()).findFirst().orElse("");
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    JsonObject meta = object(service, "Meta");
    for (String key : meta.keySet()) {
      if (!ServiceMeta.isReserved(key)) {
        metadata.put(key, text(meta, key));
      }
    }
    return metadata;
  }

  /** A whole number of 9 digits at most, or {@code otherwise}. */
  private static int number(String text, int otherwise) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
  }

  private static JsonObject object(JsonObject parent, String name) {
    return parent.get(name) instanceof JsonObject object ? object : EMPTY;
  }

  private static int integer(JsonObject parent, String name, int otherwise) {
    JsonElement value = parent.get(name);
    return value != null && value.isJsonPrimitive()
        ? number(value.getAsString(), otherwise)
        : otherwise;
  }

  static String text(JsonObject parent, String name) {
    JsonElement value = parent.get(name);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }
}
