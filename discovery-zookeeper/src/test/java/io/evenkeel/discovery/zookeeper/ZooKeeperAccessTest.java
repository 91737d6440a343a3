package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.ZooKeeperServer;
import io.grpc.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users by digest, and who may do what with which node. */
class ZooKeeperAccessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint INSTANCE = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");
  private static final RegistryCredentials OWNER =
      RegistryCredentials.builder().user("owner", "secret").build();

  private static ZooKeeperServer zookeeper;
  private static ZooKeeperShell anybody;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
    anybody = new ZooKeeperShell(zookeeper);
  }

  @AfterAll
  static void stopServer() {
    anybody.close();
    zookeeper.close();
  }

  @AfterEach
  void forgetCredentials() {
    RegistryCredentials.unset("zookeeper");
  }

  @Test
  void register_asAUser_othersMayReadButNotWrite() throws Exception {
    RegistryCredentials.set("zookeeper", OWNER);
    try (Registrar registrar = registrar("/read")) {
      registrar.register("orders", INSTANCE);

      assertThat(anybody.get("/read/orders/a")).contains("10.0.0.1");
      assertThatThrownBy(() -> anybody.put("/read/orders/a", "x"))
          .isInstanceOf(KeeperException.NoAuthException.class);
      assertThatThrownBy(() -> anybody.put("/read/orders/b", "x"))
          .isInstanceOf(KeeperException.NoAuthException.class);
    }
  }

  @Test
  void register_asAUserWithAPasswordFile_isWhoTheFileSays(@TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "secret\n");
    RegistryCredentials.set("zookeeper", RegistryCredentials.builder().user("owner", file).build());
    try (Registrar registrar = registrar("/file");
        ZooKeeperShell owner = new ZooKeeperShell(zookeeper, "owner:secret")) {
      registrar.register("orders", INSTANCE);

      owner.put("/file/orders/b", "x");
    }
  }

  @Test
  void register_whereTheUserMayNot_saysWhoMayNotWhatAndHowToGrantIt() throws Exception {
    RegistryCredentials.set("zookeeper", OWNER);
    try (Registrar registrar = registrar("/refused")) {
      registrar.register("orders", INSTANCE);
      RegistryCredentials.unset("zookeeper");
      try (Registrar nobody = registrar("/refused")) {

        assertThatThrownBy(() -> nobody.register("orders", INSTANCE.withId("b")))
            .isInstanceOf(RegistrationException.class)
            .hasMessageContaining(zookeeper.address())
            .hasMessageContaining("a client without a user may not write below \"/refused/orders\"")
            .hasMessageContaining("EVENKEEL_ZOOKEEPER_USERNAME")
            .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> nobody.deregister("orders", "a"))
            .isInstanceOf(RegistrationException.class)
            .hasMessageContaining("a client without a user may not");
        assertThat(nobody.instances("orders")).containsExactly(INSTANCE);
      }
    }
  }

  @Test
  void deregister_sameUserInAnotherProcess_staysGone() throws Exception {
    RegistryCredentials.set("zookeeper", OWNER);
    try (Registrar owner = registrar("/gone");
        Registrar operator = registrar("/gone")) {
      owner.register("orders", INSTANCE);

      assertThat(operator.deregister("orders", "a")).isTrue();

      Await.always(Duration.ofMillis(1500), () -> operator.instances("orders"), List::isEmpty);
    }
  }

  @Test
  void watch_whereTheUserMayNotRead_saysSoAndWorksOnceItMay() throws Exception {
    anybody.put("/hidden/orders/a", "{\"address\":\"10.0.0.1\",\"port\":80}");
    try (ZooKeeperShell owner = new ZooKeeperShell(zookeeper, "owner:secret")) {
      owner.curator().setACL().withACL(ZooDefs.Ids.CREATOR_ALL_ACL).forPath("/hidden/orders");
      try (WatchedTarget watched = watch("/hidden/orders")) {
        Status refused = Status.fromThrowable(watched.next(BOUND).failure());
        assertThat(refused.getDescription())
            .contains(
                "a client without a user may not read \"/hidden/orders\"",
                "EVENKEEL_ZOOKEEPER_USERNAME");

        owner.curator().setACL().withACL(ZooDefs.Ids.OPEN_ACL_UNSAFE).forPath("/hidden/orders");

        watched.await(BOUND, result -> result.ids().equals(List.of("a")));
      }
    }
  }

  @Test
  void services_oneMayNotBeRead_theOthersAreListed() throws Exception {
    anybody.put("/mixed/hidden/a", "{\"address\":\"10.0.0.1\",\"port\":80}");
    anybody.put("/mixed/orders/a", "{\"address\":\"10.0.0.1\",\"port\":80}");
    try (ZooKeeperShell owner = new ZooKeeperShell(zookeeper, "owner:secret");
        Registrar nobody = registrar("/mixed")) {
      owner.curator().setACL().withACL(ZooDefs.Ids.CREATOR_ALL_ACL).forPath("/mixed/hidden");

      assertThat(nobody.services()).containsExactly("orders");
      assertThatThrownBy(() -> nobody.instances("hidden"))
          .hasMessageContaining("a client without a user may not read \"/mixed/hidden\"");
    }
  }

  @Test
  void instances_oneMayNotBeRead_isLeftOutAndTheOthersCanBeDeregistered() throws Exception {
    anybody.put("/partly/orders/a", "{\"address\":\"10.0.0.1\",\"port\":80}");
    anybody.put("/partly/orders/hidden", "{\"address\":\"10.0.0.2\",\"port\":80}");
    try (ZooKeeperShell owner = new ZooKeeperShell(zookeeper, "owner:secret");
        Registrar nobody = registrar("/partly")) {
      owner
          .curator()
          .setACL()
          .withACL(ZooDefs.Ids.CREATOR_ALL_ACL)
          .forPath("/partly/orders/hidden");

      assertThat(nobody.instances("orders")).containsExactly(INSTANCE);
      assertThat(nobody.deregister("orders", "a")).isTrue();
      assertThat(nobody.instances("orders")).isEmpty();
    }
  }

  private static Registrar registrar(String path) {
    return Registrars.open(URI.create(zookeeper.uri() + path + "?ttl=1s"));
  }

  private static WatchedTarget watch(String path) {
    return new WatchedTarget(new ZooKeeperDiscoveryProvider(), URI.create(zookeeper.uri() + path));
  }
}
