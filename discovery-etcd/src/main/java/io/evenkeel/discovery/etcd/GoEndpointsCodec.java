package io.evenkeel.discovery.etcd;

import com.google.common.net.InetAddresses;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The layout of etcd's Go package {@code go.etcd.io/etcd/client/v3/naming/endpoints}, so that Go
 * and Java services find one another. The name of this codec is {@code go}; it is the default.
 *
 * <p>The key is {@code <service>/<id>}. The value is, byte for byte, what Go's {@code json.Marshal}
 * makes of the package's {@code Update}: {@code {"Op":0,"Addr":"10.0.0.1:8080", "Metadata":null}}.
 *
 * <p>What an endpoint has beyond one address stands in {@code Metadata} as a <em>string</em> that
 * holds a JSON object: {@code "{\"weight\":9,\"zone\":\"z1\"}"}. It must not be an object itself:
 * Go clients hand it to grpc-go, which compares it by {@code ==} and panics over a map (etcd issue
 * 19700, grpc-go issue 8225). Reading takes an object too, as Go services may write it: {@code
 * weight}, {@code zone}, {@code priority}, {@code addresses} and the object {@code metadata} are
 * ours, everything else becomes metadata.
 *
 * <p>Thread-safe; stateless.
 */
public final class GoEndpointsCodec implements EtcdCodec {
  /** One for everybody. */
  static final GoEndpointsCodec INSTANCE = new GoEndpointsCodec();

  /** Gson's own HTML escaping is not Go's: it escapes more. {@link #goJson} does the rest. */
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  /** Go sorts the keys of a map by their bytes, which is not the order of Java's strings. */
  private static final Comparator<String> BY_BYTES =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  /** For {@link java.util.ServiceLoader}. */
  public GoEndpointsCodec() {}

  @Override
  public String name() {
    return "go";
  }

  @Override
  public String key(String id) {
    return id;
  }

  @Override
  public byte[] value(Endpoint endpoint) {
    JsonObject update = new JsonObject();
    update.addProperty("Op", 0);
    update.addProperty("Addr", text(endpoint.addresses().get(0)));
    Map<String, Object> extras = extras(endpoint);
    update.add(
        "Metadata",
        extras.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(goJson(GSON.toJsonTree(extras))));
    return goJson(update).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> extras(Endpoint endpoint) {
    Map<String, Object> extras = new TreeMap<>(BY_BYTES);
    if (endpoint.addresses().size() > 1) {
      extras.put("addresses", endpoint.addresses().stream().map(GoEndpointsCodec::text).toList());
    }
    if (!endpoint.metadata().isEmpty()) {
      Map<String, String> sorted = new TreeMap<>(BY_BYTES);
      sorted.putAll(endpoint.metadata());
      extras.put("metadata", sorted);
    }
    if (endpoint.priority() != 0) {
      extras.put("priority", endpoint.priority());
    }
    if (endpoint.weight() != Endpoint.DEFAULT_WEIGHT) {
      extras.put("weight", endpoint.weight());
    }
    if (!endpoint.zone().isEmpty()) {
      extras.put("zone", endpoint.zone());
    }
    return extras;
  }

  /** As Go's {@code json.Marshal} writes it. These three letters stand nowhere but in strings. */
  private static String goJson(JsonElement json) {
    return GSON.toJson(json)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  @Override
  public Endpoint read(String key, byte[] value) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the key ends where its id should begin");
    }
    if (!(parse(value) instanceof JsonObject update)) {
      throw new IllegalArgumentException(
          "the value is no JSON object such as {\"Op\":0,\"Addr\":\"10.0.0.1:8080\"}");
    }
    JsonElement address = member(update, "Addr");
    if (!(address instanceof JsonPrimitive text) || text.getAsString().isEmpty()) {
      throw new IllegalArgumentException(
          "\"Addr\" is missing (expected: host:port, such as 10.0.0.1:8080)");
    }
    return GoMetadata.of(member(update, "Metadata"))
        .addTo(Endpoint.of(List.of(HostPort.parse(text.getAsString()))).withId(key));
  }

  private static JsonElement parse(byte[] value) {
    try {
      return JsonParser.parseString(new String(value, StandardCharsets.UTF_8));
    } catch (JsonParseException notJson) {
      return JsonNull.INSTANCE;
    }
  }

  /** Go matches the names of fields without regard to case. */
  private static JsonElement member(JsonObject update, String name) {
    JsonElement exact = update.get(name);
    if (exact != null) {
      return exact;
    }
    return update.entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(JsonNull.INSTANCE);
  }

  /** The very address, where it is known: its host name may have others that do not listen. */
  private static String text(SocketAddress address) {
    InetSocketAddress inet = (InetSocketAddress) address;
    return inet.isUnresolved()
        ? HostPort.format(inet)
        : HostPort.format(
            InetSocketAddress.createUnresolved(
                InetAddresses.toAddrString(inet.getAddress()), inet.getPort()));
  }
}
