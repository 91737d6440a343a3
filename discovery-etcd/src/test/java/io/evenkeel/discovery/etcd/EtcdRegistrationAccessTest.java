package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.registration.RegistrationRules.Reach;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** etcd asks for users, and lets each do something else. */
@RequiresServer({"etcd", "etcdctl"})
@Timeout(240)
class EtcdRegistrationAccessTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Endpoint INSTANCE = Endpoint.of(HostPort.parse("10.0.0.1:8080")).withId("a");
  private static EtcdServer etcd;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    etcd = EtcdServer.start(directory);
    etcd.ctl("role", "add", "orders");
    etcd.ctl("role", "grant-permission", "orders", "readwrite", "prod/orders/", "--prefix");
    etcd.ctl("role", "add", "reader");
    etcd.ctl("role", "grant-permission", "reader", "read", "prod/", "--prefix");
    user("root", "root");
    user("server", "orders");
    user("onlooker", "reader");
    etcd.ctl("auth", "enable");
  }

  private static void user(String name, String role) throws Exception {
    etcd.ctl("user", "add", name + ":secret-" + name);
    etcd.ctl("user", "grant-role", name, role);
  }

  @AfterAll
  static void stop() {
    etcd.close();
  }

  @Test
  void register_userOfOneService_staysRegistered() throws Exception {
    try (Registrar server = open("server");
        Registrar onlooker = open("onlooker")) {
      server.register("orders", INSTANCE);

      Await.always(
          TTL.plusSeconds(2), () -> onlooker.instances("orders"), List.of(INSTANCE)::equals);
    }
  }

  /** Such a user may not read whether somebody has deregistered the instance. */
  @Test
  void register_userOfOneServiceWhoseEntryVanishes_comesBack() throws Exception {
    try (Registrar server = open("server");
        Registrar onlooker = open("onlooker")) {
      server.register("orders", INSTANCE);
      etcd.ctl("--user=root:secret-root", "del", "prod/orders/a");

      Await.until(
          Duration.ofSeconds(10), () -> onlooker.instances("orders"), List.of(INSTANCE)::equals);
    }
  }

  @Test
  void register_userWhoMayOnlyRead_isToldWhatToGrant() {
    try (Registrar onlooker = open("onlooker")) {
      assertThatThrownBy(() -> onlooker.register("orders", INSTANCE))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining("may not write keys that begin with \"prod/orders/\"")
          .hasMessageContaining(
              "etcdctl role grant-permission ROLE readwrite --prefix 'prod/orders/'");
    }
  }

  @Test
  void deregister_userWhoMayLeaveNoNote_isToldBothThatItTakes() throws Exception {
    try (Registrar owner = open("root");
        Registrar server = open("server")) {
      owner.register("orders", INSTANCE.withId("b"));

      assertThatThrownBy(() -> server.deregister("orders", "b"))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining("\"prod/orders/\" or \"prod/.evenkeel/deregistered/\"");
    }
  }

  @Test
  void register_wrongPassword_isToldSoWithoutShowingIt() {
    RegistryCredentials wrong = RegistryCredentials.builder().user("server", "guess").build();
    try (Registrar registrar = open(wrong)) {
      assertThatThrownBy(() -> registrar.register("orders", INSTANCE))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining("user or password is wrong")
          .hasMessageNotContaining("guess");
      assertThat(registrar.toString()).doesNotContain("guess");
    }
  }

  private static Registrar open(String user) {
    return open(RegistryCredentials.builder().user(user, "secret-" + user).build());
  }

  private static Registrar open(RegistryCredentials credentials) {
    EtcdTarget target = EtcdTarget.registry(URI.create(etcd.uri() + "/prod"));
    EtcdAccess access = new EtcdAccess(credentials, false);
    return new EtcdRegistrar(
        target,
        GoEndpointsCodec.INSTANCE,
        new EtcdRegistrar.Setting(TTL, Reach.NETWORK),
        () -> EtcdClient.open(target, access));
  }
}
