package io.evenkeel.discovery.consul;

import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.time.Duration;

/** How Consul learns whether a registered instance lives. */
enum ConsulCheck {
  /** Its process says so, three times per TTL. */
  TTL,

  /** Consul asks its gRPC health service, twice per TTL. */
  GRPC,

  /** As {@link #GRPC}, over TLS. */
  GRPC_TLS;

  /**
   * Consul's own least. Until then an instance that has died stays in its catalogue as critical.
   */
  private static final String DEREGISTER_AFTER = "1m";

  /** A check that fails is noticed at its next turn, or when that gets no answer. */
  private static final int TURNS_PER_TTL = 2;

  static ConsulCheck named(String name) {
    return switch (name) {
      case "ttl" -> TTL;
      case "grpc" -> GRPC;
      case "grpc-tls" -> GRPC_TLS;
      default ->
          throw new IllegalArgumentException(
              "?check: \"" + name + "\" (expected: ttl, grpc or grpc-tls)");
    };
  }

  /** The check of a registration of {@code endpoint}. */
  JsonObject definition(String id, Duration ttl, Endpoint endpoint) {
    JsonObject check = new JsonObject();
    check.addProperty("CheckID", id);
    check.addProperty("Name", "evenkeel");
    check.addProperty("DeregisterCriticalServiceAfter", DEREGISTER_AFTER);
    if (this == TTL) {
      check.addProperty("TTL", ttl.toMillis() + "ms");
      check.addProperty("Status", "passing");
      return check;
    }
    String turn = ttl.dividedBy(TURNS_PER_TTL).toMillis() + "ms";
    check.addProperty("GRPC", HostPort.format((InetSocketAddress) endpoint.addresses().get(0)));
    check.addProperty("GRPCUseTLS", this == GRPC_TLS);
    check.addProperty("Interval", turn);
    check.addProperty("Timeout", turn);
    // Only Consul knows; else one that is registered again and again would look well each time.
    check.addProperty("Status", "critical");
    return check;
  }
}
