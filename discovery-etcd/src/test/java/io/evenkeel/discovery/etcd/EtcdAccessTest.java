package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.registration.RegistrationRules.Reach;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.ThrowawayCertificate;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Users, passwords, permissions and TLS of a real etcd. */
@RequiresServer({"etcd", "etcdctl"})
@Execution(ExecutionMode.CONCURRENT)
class EtcdAccessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path directory;
  private EtcdServer etcd;

  @AfterEach
  void stopServer() {
    etcd.close();
  }

  @Nested
  class Users {
    @BeforeEach
    void startServer() throws Exception {
      etcd = EtcdServer.start(directory);
      Orders.put(etcd, "a", 1);
      etcd.ctl("user", "add", "root:root-secret");
      etcd.ctl("user", "add", "reader:reader-secret");
      etcd.ctl("user", "add", "stranger:stranger-secret");
      etcd.ctl("role", "add", "orders");
      etcd.ctl("role", "grant-permission", "--prefix", "orders", "read", "orders/");
      etcd.ctl("user", "grant-role", "reader", "orders");
      etcd.ctl("user", "grant-role", "root", "root");
      etcd.ctl("auth", "enable");
    }

    @Test
    void password_right_watches() throws Exception {
      try (WatchedDiscovery watching = Orders.watch(user("reader", "reader-secret"), etcd)) {
        watching.seen().await(BOUND, "a");

        asRoot("put", "orders/b", "{\"Addr\":\"127.0.0.1:2\"}");

        watching.seen().await(BOUND, "a", "b");
      }
    }

    @Test
    void password_inAFileThatChanges_isReadAgain() throws Exception {
      Path file = Files.writeString(directory.resolve("password"), "wrong\n");
      RegistryCredentials credentials = RegistryCredentials.builder().user("reader", file).build();
      try (WatchedDiscovery watching = Orders.watch(credentials, etcd)) {
        watching.seen().nextError(BOUND);

        Files.writeString(file, "reader-secret\n");
        watching.refresh();

        watching.seen().await(BOUND, "a");
      }
    }

    @Test
    void password_wrong_isOneErrorThatSaysWhatToDo() throws Exception {
      try (WatchedDiscovery watching = Orders.watch(user("reader", "guessed-secret"), etcd)) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .isEqualTo(
                "etcd at "
                    + etcd.address()
                    + ": user or password is wrong (set EVENKEEL_ETCD_USERNAME and"
                    + " EVENKEEL_ETCD_PASSWORD or _PASSWORD_FILE, or call RegistryCredentials.set)");
        Await.always(Duration.ofMillis(500), watching.seen()::size, size -> size == 0);
      }
    }

    @Test
    void user_none_isOneErrorThatSaysWhatToDo() throws Exception {
      try (WatchedDiscovery watching = Orders.watch(etcd)) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("it wants a user and a password");
        Await.always(Duration.ofMillis(500), watching.seen()::size, size -> size == 0);
      }
    }

    @Test
    void permission_missing_isOneErrorThatNamesIt() throws Exception {
      try (WatchedDiscovery watching = Orders.watch(user("stranger", "stranger-secret"), etcd)) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("the user may not read keys that begin with \"orders/\"")
            .contains("etcdctl role grant-permission ROLE read --prefix 'orders/'");
        Await.always(Duration.ofMillis(500), watching.seen()::size, size -> size == 0);
      }
    }

    @Test
    void restart_tokensForgotten_isRightAgainAfterAsking() throws Exception {
      try (WatchedDiscovery watching = Orders.watch(user("reader", "reader-secret"), etcd)) {
        watching.seen().await(BOUND, "a");
        etcd.kill();
        watching.seen().nextError(BOUND);

        etcd.launch();
        etcd.awaitServing();
        asRoot("put", "orders/b", "{\"Addr\":\"127.0.0.1:2\"}");
        watching.refresh();

        watching.seen().await(BOUND, "a", "b");
      }
    }
  }

  /** Programs get their users first; then etcd is told to ask for them. */
  @Nested
  class Rollout {
    @BeforeEach
    void startServer() throws Exception {
      etcd = EtcdServer.start(directory);
      Orders.put(etcd, "a", 1);
    }

    @Test
    void password_etcdDoesNotAskYet_watchesBeforeAndAfterwards() throws Exception {
      try (WatchedDiscovery watching = Orders.watch(user("root", "root-secret"), etcd)) {
        watching.seen().await(BOUND, "a");

        askForUsers();
        watching.refresh();
        watching.seen().awaitError(BOUND);
        watching.refresh();
        watching.seen().await(BOUND, "a");
        asRoot("put", "orders/b", "{\"Addr\":\"127.0.0.1:2\"}");

        watching.seen().await(BOUND, "a", "b");
      }
    }

    @Test
    void password_etcdDoesNotAskYet_staysRegistered() throws Exception {
      Duration ttl = Duration.ofSeconds(2);
      EtcdTarget registry = EtcdTarget.registry(Orders.uri(List.of(etcd)).resolve("/"));
      EtcdAccess access = new EtcdAccess(user("root", "root-secret"), false);
      Endpoint instance = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("b");
      try (EtcdRegistrar registrar =
          new EtcdRegistrar(
              registry,
              GoEndpointsCodec.INSTANCE,
              new EtcdRegistrar.Setting(ttl, Reach.NETWORK),
              () -> EtcdClient.open(registry, access))) {
        registrar.register("users", instance);

        askForUsers();

        Await.always(ttl.plusSeconds(2), () -> listed("users/b"), there -> there);
      }
    }

    private boolean listed(String key) throws Exception {
      return !asRoot("get", key, "--keys-only").isBlank();
    }

    private void askForUsers() throws Exception {
      etcd.ctl("user", "add", "root:root-secret");
      etcd.ctl("user", "grant-role", "root", "root");
      etcd.ctl("auth", "enable");
    }
  }

  private String asRoot(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "--user=root:root-secret";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return etcd.ctl(all);
  }

  private static RegistryCredentials user(String name, String password) {
    return RegistryCredentials.builder().user(name, password).build();
  }

  @Nested
  class Tls {
    private Path certFile;

    @BeforeEach
    void startServer() throws Exception {
      Path store = directory.resolve("store.p12");
      certFile = directory.resolve("cert.pem");
      Path keyFile = directory.resolve("key.pem");
      ThrowawayCertificate.makeForLoopback(store);
      ThrowawayCertificate.writePem(store, certFile, keyFile);
      etcd = EtcdServer.start(directory, new EtcdServer.Tls(certFile, keyFile));
      Orders.put(etcd, "a", 1);
    }

    @Test
    void caFile_ofTheServer_isTrusted() throws Exception {
      RegistryCredentials trusting = RegistryCredentials.builder().caFile(certFile).build();

      try (WatchedDiscovery watching = Orders.watch(trusting, etcd)) {
        watching.seen().await(BOUND, "a");
        Orders.put(etcd, "b", 2);
        watching.seen().await(BOUND, "a", "b");
      }
    }

    @Test
    void caFile_missing_isNamed() throws Exception {
      Path nowhere = directory.resolve("nowhere.pem");
      RegistryCredentials blind = RegistryCredentials.builder().caFile(nowhere).build();

      try (WatchedDiscovery watching = Orders.watch(blind, etcd)) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("CA file " + nowhere + " cannot be read");
      }
    }

    @Test
    void tls_systemAuthorities_doNotTrustIt() throws Exception {
      EtcdAccess access = new EtcdAccess(RegistryCredentials.NONE, true);

      try (WatchedDiscovery watching = Orders.watch(access, etcd)) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("unable to find valid certification path");
      }
    }
  }
}
