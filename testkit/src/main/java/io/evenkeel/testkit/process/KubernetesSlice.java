package io.evenkeel.testkit.process;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** Builds an EndpointSlice as Kubernetes writes it, in JSON. Not thread-safe. */
public final class KubernetesSlice {
  private final JsonObject json = new JsonObject();
  private final JsonArray endpoints = new JsonArray();
  private final JsonArray ports = new JsonArray();

  /**
   * An endpoint of a slice.
   *
   * @param address where it is
   * @param pod its name, and null for none; its uid is {@code uid-} and that
   * @param conditions such as {@code ready=false,serving=true}; empty for none
   * @param zone null for none
   */
  public record Pod(
      String address, @Nullable String pod, String conditions, @Nullable String zone) {

    /** A pod that says nothing of its conditions, and so is ready. */
    public static Pod of(String name, String address) {
      return new Pod(address, name, "", null);
    }

    /** The same with {@code conditions}. */
    public Pod with(String conditions) {
      return new Pod(address, pod, conditions, zone);
    }

    /** The same in {@code zone}. */
    public Pod in(String zone) {
      return new Pod(address, pod, conditions, zone);
    }
  }

  private KubernetesSlice(String name, String service) {
    JsonObject labels = new JsonObject();
    labels.addProperty("kubernetes.io/service-name", service);
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.add("labels", labels);
    json.addProperty("apiVersion", "discovery.k8s.io/v1");
    json.addProperty("kind", "EndpointSlice");
    json.addProperty("addressType", "IPv4");
    json.add("metadata", metadata);
    json.add("endpoints", endpoints);
    json.add("ports", ports);
  }

  /** A slice of IPv4 addresses of {@code service}, empty as yet. */
  public static KubernetesSlice of(String name, String service) {
    return new KubernetesSlice(name, service);
  }

  /** The kind of its addresses: {@code IPv4}, {@code IPv6} or {@code FQDN}. */
  public KubernetesSlice addressType(String type) {
    json.addProperty("addressType", type);
    return this;
  }

  /** Adds a port of TCP. */
  public KubernetesSlice port(String name, int number) {
    JsonObject port = new JsonObject();
    port.addProperty("name", name);
    port.addProperty("port", number);
    port.addProperty("protocol", "TCP");
    ports.add(port);
    return this;
  }

  /** Adds an endpoint. */
  public KubernetesSlice pod(Pod pod) {
    JsonArray addresses = new JsonArray();
    addresses.add(pod.address);
    JsonObject conditions = new JsonObject();
    for (String each : pod.conditions.isEmpty() ? new String[0] : pod.conditions.split(",", -1)) {
      String[] parts = each.split("=", 2);
      conditions.addProperty(parts[0], Boolean.parseBoolean(parts[1]));
    }
    JsonObject endpoint = new JsonObject();
    endpoint.add("addresses", addresses);
    endpoint.add("conditions", conditions);
    if (pod.zone != null) {
      endpoint.addProperty("zone", pod.zone);
    }
    if (pod.pod != null) {
      JsonObject reference = new JsonObject();
      reference.addProperty("kind", "Pod");
      reference.addProperty("name", pod.pod);
      reference.addProperty("uid", "uid-" + pod.pod);
      endpoint.add("targetRef", reference);
    }
    endpoints.add(endpoint);
    return this;
  }

  /** Adds an endpoint that is ready. */
  public KubernetesSlice pod(String name, String address) {
    return pod(Pod.of(name, address));
  }

  /** The slice as it stands. */
  public JsonObject json() {
    return json.deepCopy();
  }
}
