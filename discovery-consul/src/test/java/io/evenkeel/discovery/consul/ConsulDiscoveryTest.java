package io.evenkeel.discovery.consul;

import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.DiscoveryContract;
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Instances written through the HTTP API of a real Consul. */
@RequiresServer("consul")
class ConsulDiscoveryTest extends DiscoveryContract {
  @AutoClose private static ConsulServer consul;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    consul = ConsulServer.start(directory);
  }

  @Override
  protected NameResolverProvider provider() {
    return new ConsulDiscoveryProvider();
  }

  @Override
  protected URI target() {
    return URI.create(consul.uri() + "/" + service);
  }

  @Override
  protected void put(Endpoint endpoint) throws Exception {
    InetSocketAddress address = (InetSocketAddress) endpoint.addresses().get(0);
    JsonObject meta = new JsonObject();
    endpoint.metadata().forEach(meta::addProperty);
    if (!endpoint.zone().isEmpty()) {
      meta.addProperty("zone", endpoint.zone());
    }
    if (endpoint.priority() != 0) {
      meta.addProperty("priority", Integer.toString(endpoint.priority()));
    }
    JsonObject weights = new JsonObject();
    weights.addProperty("Passing", endpoint.weight());
    weights.addProperty("Warning", 1);
    JsonObject registration = registration(endpoint.id());
    registration.addProperty(
        "Address", address.getHostString().replaceAll("localhost", "127.0.0.1"));
    registration.addProperty("Port", address.getPort());
    registration.add("Meta", meta);
    registration.add("Weights", weights);
    register(registration);
  }

  private JsonObject registration(String id) {
    JsonObject registration = new JsonObject();
    registration.addProperty("ID", serviceId(id));
    registration.addProperty("Name", service);
    return registration;
  }

  private String serviceId(String id) {
    return service + "-" + id;
  }

  private static void register(JsonObject registration) throws Exception {
    consul.api("PUT", "/v1/agent/service/register", registration.toString());
  }

  /** Without a port it is an instance to Consul, but none that can be called. */
  @Override
  protected void putMalformed(String id) throws Exception {
    register(registration(id));
    String idInConsul = serviceId(id);
    Await.until(
        BOUND,
        () -> consul.api("GET", "/v1/health/service/" + service, ""),
        listed -> listed.contains("\"" + idInConsul + "\""));
  }

  @Override
  protected void remove(String id) throws Exception {
    consul.api("PUT", "/v1/agent/service/deregister/" + serviceId(id), "");
  }

  @Override
  protected Endpoint asSeen(Endpoint written) {
    return written.withId("node-1/" + serviceId(written.id()));
  }

  @Override
  protected String threadName() {
    return "consul";
  }
}
