package io.evenkeel.discovery.consul;

import com.google.gson.JsonParser;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.RegistrationContract;
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Instances registered with a real Consul. */
@RequiresServer("consul")
class ConsulRegistrarTest extends RegistrationContract {
  private static ConsulServer consul;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    consul = ConsulServer.start(directory);
  }

  @AfterAll
  static void stopServer() {
    consul.close();
  }

  /** Consul has one registry only, so it is emptied. */
  @BeforeEach
  void removeAll() throws Exception {
    String services = consul.api("GET", "/v1/agent/services", "");
    for (String id : JsonParser.parseString(services).getAsJsonObject().keySet()) {
      consul.api("PUT", "/v1/agent/service/deregister/" + ConsulQuestion.escape(id), "");
    }
    Await.until(
        BOUND,
        () -> consul.api("GET", "/v1/catalog/services", ""),
        names -> JsonParser.parseString(names).getAsJsonObject().size() == 1);
  }

  @Override
  protected URI registry() {
    return URI.create("consul://" + consul.address() + "?ttl=1s&loopback=allow");
  }

  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void lose(String service, String id) throws Exception {
    String serviceId = ServiceRegistration.serviceId(service, id);
    consul.api("PUT", "/v1/agent/service/deregister/" + ConsulQuestion.escape(serviceId), "");
  }

  @Override
  protected String threadName() {
    return "consul";
  }
}
