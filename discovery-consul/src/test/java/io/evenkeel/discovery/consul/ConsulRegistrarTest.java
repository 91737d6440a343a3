package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.ServerRegistrationContract;
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RegistryServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances registered with a real Consul. */
@RequiresServer("consul")
class ConsulRegistrarTest extends ServerRegistrationContract {
  @AutoClose private static ConsulServer consul;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    consul = ConsulServer.start(directory);
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
  protected RegistryServer server() {
    return consul;
  }

  @Override
  protected String path() {
    return "";
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
  protected String putUnheld() throws Exception {
    consul.api(
        "PUT",
        "/v1/agent/service/register",
        "{\"Name\":\"orders\",\"Address\":\"10.0.0.1\",\"Port\":80}");
    return "node-1/orders";
  }

  @Override
  protected String threadName() {
    return "consul";
  }

  @Override
  protected String secretVariable() {
    return "EVENKEEL_CONSUL_TOKEN";
  }

  @Test
  void register_weightsBeyondConsulsOwn_areReadBack() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1).withWeight(0));
    registrar.register(SERVICE, instance("b", 2).withWeight(Endpoint.MAX_WEIGHT));

    assertThat(registrar.instances(SERVICE))
        .extracting(Endpoint::weight)
        .containsExactly(0, Endpoint.MAX_WEIGHT);
  }

  @Test
  void register_tags_areThoseOfTheService() throws Exception {
    try (Registrar registrar = Registrars.open(registryWith("ttl=1s&tag=grpc,v2"))) {
      registrar.register(SERVICE, instance("a", 1));

      assertThat(consul.api("GET", "/v1/health/service/orders?tag=grpc&tag=v2", ""))
          .contains("orders:a");
    }
  }

  @Test
  void register_grpcCheck_isListedWhileItServes() throws Exception {
    HealthStatusManager health = new HealthStatusManager();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(health.getHealthService())
            .build()
            .start();
    try (Registrar registrar = Registrars.open(registryWith("ttl=1s&check=grpc"))) {
      registrar.register(SERVICE, instance("a", server.getPort()));
      List<Endpoint> listed = List.of(instance("a", server.getPort()));
      Await.until(BOUND, () -> registrar.instances(SERVICE), listed::equals);

      health.setStatus("", HealthCheckResponse.ServingStatus.NOT_SERVING);
      Await.until(BOUND, () -> registrar.instances(SERVICE), List::isEmpty);

      health.setStatus("", HealthCheckResponse.ServingStatus.SERVING);
      Await.until(BOUND, () -> registrar.instances(SERVICE), listed::equals);
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void deregister_ownerIsPaused_noProgramTakesWhatIsLeftForAnInstance() throws Exception {
    consul.api(
        "PUT",
        "/v1/agent/service/register",
        "{\"ID\":\"orders:a\",\"Name\":\"orders\",\"Address\":\"10.0.0.1\",\"Port\":80,"
            + "\"Meta\":{\"evenkeel-id\":\"a\",\"evenkeel-owner\":\"somebody\"}}");
    Registrar registrar = open();
    Await.until(BOUND, () -> registrar.instances(SERVICE), all -> all.size() == 1);

    boolean removed = registrar.deregister(SERVICE, "a");

    assertThat(removed).isTrue();
    assertThat(consul.api("GET", "/v1/health/service/orders", "")).contains("somebody");
    assertThat(consul.api("GET", "/v1/health/service/orders?passing=1", ""))
        .isEqualToIgnoringWhitespace("[]");
    assertThat(registrar.deregister(SERVICE, "a")).isFalse();
  }

  @Test
  void deregister_instanceOfAnotherAgent_saysWhoHasIt() throws Exception {
    consul.api(
        "PUT",
        "/v1/catalog/register",
        "{\"Node\":\"far\",\"Address\":\"10.0.0.9\",\"Service\":{\"Service\":\"orders\",\"Port\":80}}");

    try {
      assertThatThrownBy(() -> open().deregister(SERVICE, "far/orders"))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining("on node \"far\" is registered with another agent");
    } finally {
      consul.api("PUT", "/v1/catalog/deregister", "{\"Node\":\"far\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({"zone", "evenkeel-id", "consul-x", "a.b", "ä"})
  void register_metadataThatConsulDoesNotTake_isRefused(String key) {
    Endpoint endpoint = instance("a", 1).withMetadata(Map.of(key, "x"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open().register(SERVICE, endpoint))
        .withMessageContaining("metadata \"" + key + "\" of instance \"a\"");
  }

  @Test
  void update_metadataThatConsulDoesNotTake_isRefusedAndTheOldStays() throws Exception {
    Registration registration = open().register(SERVICE, instance("a", 1));
    Endpoint wordy = instance("a", 1).withMetadata(Map.of("k", "x".repeat(513)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> registration.update(wordy))
        .withMessageContaining("512 bytes");
    assertThat(registration.endpoint()).isEqualTo(instance("a", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "?check=http, 'ttl, grpc or grpc-tls'",
    "'?tag=a,,b', '?tag'",
    "/orders, has no path",
  })
  void open_settingThatConsulDoesNotTake_isRefused(String setting, String message) {
    assertRefused("consul://127.0.0.1:1" + setting, message);
  }
}
