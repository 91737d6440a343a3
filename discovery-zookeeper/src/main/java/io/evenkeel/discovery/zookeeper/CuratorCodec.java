package io.evenkeel.discovery.zookeeper;

import com.google.common.net.HostAndPort;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layout of Curator's service discovery ({@code curator-x-discovery}), so that services which
 * use Curator, Spring Cloud among them, and ours find one another.
 *
 * <p>An instance is the node {@code <registry>/<service>/<id>} with the JSON that Curator's {@code
 * JsonInstanceSerializer} makes of a {@code ServiceInstance}. What an endpoint has beyond one
 * address stands in the payload, see {@link CuratorPayload}; without that there is none, because a
 * Curator client that expects no payload fails over one.
 *
 * <p>Curator's own serializer is not used: it makes Java objects of whatever class the registry
 * names, and refuses an instance whose class it does not have.
 *
 * <p>Thread-safe; stateless.
 */
final class CuratorCodec {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  private final PortChoice ports;

  /** Which of an instance's two ports clients connect to. */
  enum PortChoice {
    /** {@code port}, or {@code sslPort} where it is the only one. */
    PLAIN,
    /** {@code sslPort}, or {@code port} where it is the only one. */
    SSL
  }

  CuratorCodec(PortChoice ports) {
    this.ports = ports;
  }

  /**
   * The data of the node of {@code endpoint}.
   *
   * @param registeredMillis when it was registered, in milliseconds since 1970
   */
  byte[] value(String service, Endpoint endpoint, long registeredMillis) {
    InetSocketAddress address = (InetSocketAddress) endpoint.addresses().get(0);
    JsonObject instance = new JsonObject();
    instance.addProperty("name", service);
    instance.addProperty("id", endpoint.id());
    instance.addProperty("address", host(address));
    instance.addProperty("port", address.getPort());
    instance.add("sslPort", JsonNull.INSTANCE);
    instance.add("payload", CuratorPayload.write(endpoint));
    instance.addProperty("registrationTimeUTC", registeredMillis);
    instance.addProperty("serviceType", "DYNAMIC");
    instance.add("uriSpec", JsonNull.INSTANCE);
    return GSON.toJson(instance).getBytes(StandardCharsets.UTF_8);
  }

  /** The very address, where it is known: its host name may have others that do not listen. */
  private static String host(InetSocketAddress address) {
    return address.isUnresolved()
        ? address.getHostString()
        : InetAddresses.toAddrString(address.getAddress());
  }

  /** {@code address} as {@link HostPort} reads it. */
  static String text(SocketAddress address) {
    InetSocketAddress inet = (InetSocketAddress) address;
    return HostAndPort.fromParts(host(inet), inet.getPort()).toString();
  }

  /**
   * Reads what {@link #value} or Curator wrote.
   *
   * @param node its name, which is the id where the data say none
   * @return null for an instance that its owner has disabled, {@code "enabled":false}
   * @throws IllegalArgumentException if it is no instance; says what is wrong with it
   */
  @Nullable Endpoint read(String node, byte[] value) {
    if (!(parse(value) instanceof JsonObject instance)) {
      throw new IllegalArgumentException(
          "the data are no JSON object such as {\"id\":\"a\",\"address\":\"10.0.0.1\",\"port\":80}");
    }
    if (!isEnabled(instance.get("enabled"))) {
      return null;
    }
    Endpoint plain = Endpoint.of(List.of(address(instance))).withId(text(instance, "id", node));
    return CuratorPayload.of(instance.get("payload")).addTo(plain);
  }

  /** The id of what the node {@code node} holds; its name where the data say none. */
  String id(String node, byte[] value) {
    return parse(value) instanceof JsonObject instance ? text(instance, "id", node) : node;
  }

  private static boolean isEnabled(@Nullable JsonElement value) {
    if (isNull(value)) {
      return true;
    }
    if (value instanceof JsonPrimitive enabled && enabled.isBoolean()) {
      return enabled.getAsBoolean();
    }
    throw new IllegalArgumentException("\"enabled\": " + value + " (expected: true or false)");
  }

  private static JsonElement parse(byte[] value) {
    try {
      return JsonParser.parseString(new String(value, StandardCharsets.UTF_8));
    } catch (JsonParseException notJson) {
      return JsonNull.INSTANCE;
    }
  }

  private SocketAddress address(JsonObject instance) {
    String host = text(instance, "address", "");
    if (host.isEmpty()) {
      throw new IllegalArgumentException("\"address\" is missing (expected: host name or IP)");
    }
    int port = port(instance);
    if (port == 0) {
      throw new IllegalArgumentException(
          "\"port\" and \"sslPort\" are missing"
              + (isNull(instance.get("uriSpec")) ? "" : ", and \"uriSpec\" is not read")
              + " (expected: one of them)");
    }
    return HostPort.parse(HostAndPort.fromParts(host, port).toString());
  }

  private int port(JsonObject instance) {
    int plain = port(instance, "port");
    int ssl = port(instance, "sslPort");
    return ports == PortChoice.SSL ? (ssl == 0 ? plain : ssl) : (plain == 0 ? ssl : plain);
  }

  /** 0 where there is none. */
  private static int port(JsonObject instance, String field) {
    JsonElement value = instance.get(field);
    if (isNull(value)) {
      return 0;
    }
    String text = value.toString();
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new IllegalArgumentException(
          "\"" + field + "\": " + text + " (expected: a port 1..65535)");
    }
    return Integer.parseInt(text);
  }

  private static String text(JsonObject instance, String field, String otherwise) {
    return instance.get(field) instanceof JsonPrimitive text && !text.getAsString().isEmpty()
        ? text.getAsString()
        : otherwise;
  }

  private static boolean isNull(@Nullable JsonElement value) {
    return value == null || value.isJsonNull();
  }
}
