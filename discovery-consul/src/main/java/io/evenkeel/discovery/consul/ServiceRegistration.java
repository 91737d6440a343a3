package io.evenkeel.discovery.consul;

import com.google.common.net.InetAddresses;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How an instance is written into Consul; {@link ServiceEntry} reads it. */
final class ServiceRegistration {
  /** Consul's own bounds on {@code Meta} and {@code Weights}. */
  private static final int MAX_PAIRS = 64;

  private static final int MAX_KEY_LENGTH = 128;
  private static final int MAX_VALUE_LENGTH = 512;
  private static final int MAX_WEIGHT = 65_535;

  /** How long an owner that is cut off or paused may take to find what was deregistered. */
  private static final String TOMBSTONE_TTL = "10m";

  /** What an id of Consul's may hold as it is. */
  private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

  private ServiceRegistration() {}

  /**
   * The id of the instance among all services of an agent: the service and the instance's own, with
   * all but small letters, digits and {@code - _ .} as {@code %XX}, since it stands in paths, and
   * since Consul takes {@code A} for {@code a}.
   */
  static String serviceId(String service, String id) {
    StringBuilder escaped = new StringBuilder(service).append(':');
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      if (PLAIN.indexOf(b) >= 0) {
        escaped.append((char) b);
      } else {
        escaped.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return escaped.toString();
  }

  /**
   * Refuses what Consul would refuse, or what could not be read back.
   *
   * @throws IllegalArgumentException naming the part of {@code endpoint}
   */
  static void check(Endpoint endpoint) {
    for (String key : endpoint.metadata().keySet()) {
      if (ServiceMeta.isReserved(key) || key.startsWith("consul-")) {
        throw refused(endpoint, "metadata \"" + key + "\"", "another key, this one has a meaning");
      }
      if (!key.matches("[A-Za-z0-9_-]{1," + MAX_KEY_LENGTH + "}")) {
        throw refused(
            endpoint,
            "metadata \"" + key + "\"",
            "a key of letters, digits, '-' and '_', " + MAX_KEY_LENGTH + " at most");
      }
    }
    Map<String, String> meta = meta(endpoint, "owner");
    if (meta.size() > MAX_PAIRS) {
      throw refused(endpoint, "metadata", MAX_PAIRS + " pairs at most, with those of ours");
    }
    meta.forEach(
        (key, value) -> {
          if (value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_LENGTH) {
            throw refused(
                endpoint, "metadata \"" + key + "\"", MAX_VALUE_LENGTH + " bytes of value at most");
          }
        });
  }

  private static IllegalArgumentException refused(Endpoint endpoint, String what, String expected) {
    return new IllegalArgumentException(
        "%s of instance \"%s\" (expected by Consul: %s)".formatted(what, endpoint.id(), expected));
  }

  /** The body of {@code /v1/agent/service/register}, but for tags and check. */
  static JsonObject body(String service, Endpoint endpoint, String owner) {
    InetSocketAddress address = (InetSocketAddress) endpoint.addresses().get(0);
    JsonObject body = new JsonObject();
    body.addProperty("ID", serviceId(service, endpoint.id()));
    body.addProperty("Name", service);
    body.addProperty("Address", host(address));
    body.addProperty("Port", address.getPort());
    JsonObject meta = new JsonObject();
    meta(endpoint, owner).forEach(meta::addProperty);
    body.add("Meta", meta);
    JsonObject weights = new JsonObject();
    weights.addProperty("Passing", Math.max(1, Math.min(MAX_WEIGHT, endpoint.weight())));
    weights.addProperty("Warning", Math.min(MAX_WEIGHT, endpoint.weight()));
    body.add("Weights", weights);
    return body;
  }

  /**
   * What stands in place of an instance that somebody has deregistered, for its owner to find. It
   * is critical, so that nobody takes it for an instance, and goes away by itself.
   */
  static JsonObject tombstone(ServiceEntry deregistered) {
    JsonObject body = new JsonObject();
    body.addProperty("ID", deregistered.serviceId());
    body.addProperty("Name", ServiceEntry.text(deregistered.service(), "Service"));
    JsonObject meta = new JsonObject();
    meta.addProperty(ServiceMeta.ID, deregistered.meta(ServiceMeta.ID));
    meta.addProperty(ServiceMeta.DEREGISTERED, deregistered.meta(ServiceMeta.OWNER));
    body.add("Meta", meta);
    JsonObject check = new JsonObject();
    check.addProperty("Name", "evenkeel: deregistered");
    check.addProperty("TTL", TOMBSTONE_TTL);
    check.addProperty("Status", "critical");
    check.addProperty("DeregisterCriticalServiceAfter", TOMBSTONE_TTL);
    body.add("Check", check);
    return body;
  }

  static JsonArray array(Iterable<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static Map<String, String> meta(Endpoint endpoint, String owner) {
    Map<String, String> meta = new TreeMap<>(endpoint.metadata());
    meta.put(ServiceMeta.ID, endpoint.id());
    meta.put(ServiceMeta.OWNER, owner);
    if (!endpoint.zone().isEmpty()) {
      meta.put(ServiceMeta.ZONE, endpoint.zone());
    }
    if (endpoint.priority() != 0) {
      meta.put(ServiceMeta.PRIORITY, Integer.toString(endpoint.priority()));
    }
    if (endpoint.weight() < 1 || endpoint.weight() > MAX_WEIGHT) {
      meta.put(ServiceMeta.WEIGHT, Integer.toString(endpoint.weight()));
    }
    if (endpoint.addresses().size() > 1) {
      meta.put(
          ServiceMeta.ADDRESSES,
          endpoint.addresses().stream()
              .map(ServiceRegistration::text)
              .collect(Collectors.joining(",")));
    }
    return meta;
  }

  private static String text(SocketAddress address) {
    InetSocketAddress inet = (InetSocketAddress) address;
    return HostPort.format(InetSocketAddress.createUnresolved(host(inet), inet.getPort()));
  }

  /** The very address, where it is known: its host name may have others that do not listen. */
  private static String host(InetSocketAddress address) {
    return address.isUnresolved()
        ? address.getHostString()
        : InetAddresses.toAddrString(address.getAddress());
  }
}
