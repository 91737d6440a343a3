package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.ServerRegistrationContract;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RegistryServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RequiresServer({"etcd", "etcdctl"})
class EtcdRegistrarTest extends ServerRegistrationContract {
  @AutoClose private static EtcdServer etcd;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    etcd = EtcdServer.start(directory);
  }

  @Override
  protected RegistryServer server() {
    return etcd;
  }

  @Override
  protected String path() {
    return "/" + testName;
  }

  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  protected void lose(String service, String id) throws Exception {
    etcd.ctl("del", key(service, id));
  }

  /** Without a lease. */
  @Override
  protected String putUnheld() throws Exception {
    etcd.ctl("put", key(SERVICE, "a"), "{\"Op\":0,\"Addr\":\"127.0.0.1:1\"}");
    return "a";
  }

  @Override
  protected String threadName() {
    return "etcd";
  }

  @Override
  protected String secretVariable() {
    return "EVENKEEL_ETCD_PASSWORD";
  }

  /** So that Go's resolver finds it, and shows nothing but an address. */
  @Test
  void register_plainInstance_isWrittenAsGoWrites() throws Exception {
    open().register(SERVICE, instance("a", 1));

    assertThat(etcd.ctl("get", key(SERVICE, "a"), "--print-value-only"))
        .isEqualTo("{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":null}\n");
  }

  @Test
  void register_weightZoneAndVersion_areWrittenAsGoWrites() throws Exception {
    Endpoint full =
        instance("a", 1).withWeight(9).withZone("z<1>").withMetadata(Map.of("version", "1.2"));

    open().register(SERVICE, full);

    assertThat(etcd.ctl("get", key(SERVICE, "a"), "--print-value-only"))
        .isEqualTo(
            "{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":\"{\\\"metadata\\\":{\\\"version\\\":"
                + "\\\"1.2\\\"},\\\"weight\\\":9,\\\"zone\\\":\\\"z\\\\u003c1\\\\u003e\\\"}\"}\n");
  }

  @Test
  void register_leaseIsRevokedBehindItsBack_comesBackWithTheLatestValue() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1)).update(instance("a", 1).withWeight(7));

    etcd.ctl("lease", "revoke", leaseOf(key(SERVICE, "a")));

    assertThat(registrar.instances(SERVICE)).isEmpty();
    List<Endpoint> latest = List.of(instance("a", 1).withWeight(7));
    Await.until(ttl().plusSeconds(1), () -> registrar.instances(SERVICE), latest::equals);
  }

  @Test
  void instances_entriesOfOthers_areLeftOut() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1));
    etcd.ctl("put", key(SERVICE, "b"), "nowhere");
    etcd.ctl("put", testName + "/.hidden/c", "{\"Op\":0,\"Addr\":\"127.0.0.1:1\"}");
    etcd.ctl("put", testName + "/lonely", "{\"Op\":0,\"Addr\":\"127.0.0.1:1\"}");
    etcd.ctl("put", testName + "/settings/timeout", "10");

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a", 1));
    assertThat(registrar.services()).containsExactly(SERVICE);
  }

  @Test
  void services_moreThanAPage_areAllListed() throws Exception {
    // So that none is renewed meanwhile: one thread keeps them all.
    try (Registrar registrar = Registrars.open(registryWith("ttl=1h"))) {
      for (int i = 0; i < 550; i++) {
        registrar.register("service-" + i % 11, instance("i" + i, 1));
      }

      assertThat(registrar.services()).hasSize(11);
      assertThat(registrar.instances("service-10")).hasSize(50);
    }
  }

  @ParameterizedTest
  @CsvSource({"ttl=1s, ttl", "ttl=2500ms, whole seconds", "codec=rust, codec"})
  void open_settingThatEtcdDoesNotTake_isRefused(String query, String message) {
    assertRefused("etcd://127.0.0.1:1/x?" + query, message);
  }

  private String key(String service, String id) {
    return testName + "/" + service + "/" + id;
  }

  /** As {@code etcdctl lease} takes it. */
  static String leaseOf(EtcdServer etcd, String key) throws Exception {
    String fields = etcd.ctl("get", key, "--write-out=fields");
    String decimal = fields.replaceAll("(?s).*\"Lease\" : (-?\\d+).*", "$1");
    return Long.toHexString(Long.parseLong(decimal));
  }

  private static String leaseOf(String key) throws Exception {
    return leaseOf(etcd, key);
  }
}
