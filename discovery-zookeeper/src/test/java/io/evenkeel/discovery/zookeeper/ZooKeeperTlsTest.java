package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.RegistryTls;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.ThrowawayCertificate;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.ServerProcess;
import io.evenkeel.testkit.process.ZooKeeperServer;
import io.grpc.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a real ZooKeeper, which wants a certificate of its clients. */
@Timeout(240)
class ZooKeeperTlsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint A = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");

  private static Pem server;
  private static Pem client;
  private static Pem stranger;
  private static int port;
  private static ZooKeeperServer zookeeper;

  /** A certificate that signs itself, and its key. */
  private record Pem(Path certFile, Path keyFile) {

    static Pem make(Path directory, String name) throws Exception {
      Path store = directory.resolve(name + ".p12");
      Pem pem = new Pem(directory.resolve(name + ".pem"), directory.resolve(name + "-key.pem"));
      ThrowawayCertificate.makeForLoopback(store);
      ThrowawayCertificate.writePem(store, pem.certFile, pem.keyFile);
      return pem;
    }

    /** Both in one file, as ZooKeeper's server wants them. */
    Path joined(Path file) throws Exception {
      return Files.writeString(file, Files.readString(keyFile) + Files.readString(certFile));
    }
  }

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    server = Pem.make(directory, "server");
    client = Pem.make(directory, "client");
    stranger = Pem.make(directory, "stranger");
    port = ServerProcess.freePorts(1).get(0);
    zookeeper =
        ZooKeeperServer.startWithTls(
            directory, port, server.joined(directory.resolve("joined.pem")), client.certFile);
  }

  @AfterAll
  static void stopServer() {
    zookeeper.close();
  }

  @AfterEach
  void forgetCredentials() {
    RegistryCredentials.unset("zookeeper");
  }

  @Test
  void certificates_ofBothSides_areTrustedAndNothingIsLeft() throws Exception {
    trust(server, client);
    Leftovers before = Leftovers.now();
    try (Registrar registrar = registrar("/both");
        WatchedTarget watched = watch("/both/orders")) {
      registrar.register("orders", A);

      watched.await(BOUND, result -> result.endpoints().equals(List.of(A)));
      registrar.register("orders", A.withWeight(7));
      watched.await(BOUND, result -> result.endpoints().equals(List.of(A.withWeight(7))));
    }
    before.awaitNoMore("evenkeel", BOUND);
  }

  @Test
  void zookeeper_isKilledAndStartsAgain_isFollowed() throws Exception {
    trust(server, client);
    try (Registrar registrar = registrar("/again?ttl=2s");
        WatchedTarget watched = watch("/again/orders")) {
      Registration registration = registrar.register("orders", A);
      watched.await(BOUND, result -> result.endpoints().equals(List.of(A)));

      zookeeper.kill();
      zookeeper.launch();
      zookeeper.awaitServing();
      Await.until(BOUND, () -> updated(registration, A.withWeight(7)), done -> done);

      watched.await(BOUND, result -> result.endpoints().equals(List.of(A.withWeight(7))));
    }
  }

  private static boolean updated(Registration registration, Endpoint endpoint) {
    try {
      registration.update(endpoint);
      return true;
    } catch (RegistrationException notYet) {
      return false;
    }
  }

  @Test
  void authority_ofSomebodyElse_isRefusedAndNamed() throws Exception {
    trust(stranger, client);

    try (Registrar registrar = registrar("/wrong");
        WatchedTarget watched = watch("/wrong/orders")) {
      Status failure = Status.fromThrowable(watched.next(BOUND).failure());
      assertThat(failure.getDescription())
          .contains("no connection to any member", "TLS with " + secureAddress() + " fails: ")
          .contains("path validation failed");
      assertThatThrownBy(() -> registrar.register("orders", A))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining("TLS with " + secureAddress() + " fails: ");
    }
  }

  @Test
  void problem_bothSidesAreTrusted_isNone() throws Exception {
    assertThat(problem(secureAddress(), trusting(server, client))).isEmpty();
  }

  @Test
  void problem_authoritiesOfTheSystem_doNotTrustIt() throws Exception {
    assertThat(problem(secureAddress(), RegistryCredentials.NONE))
        .contains("unable to find valid certification path");
  }

  @Test
  void problem_clientWithoutACertificate_isRefused() throws Exception {
    RegistryCredentials nobody = RegistryCredentials.builder().caFile(server.certFile).build();

    assertThat(problem(secureAddress(), nobody))
        .contains("TLS with " + secureAddress() + " fails: Received fatal alert");
  }

  @Test
  void problem_portForPlainText_isNamed() throws Exception {
    assertThat(problem(zookeeper.address(), trusting(server, client)))
        .contains("TLS with " + zookeeper.address() + " fails: ");
  }

  @Test
  void problem_nobodyListens_isNone() throws Exception {
    String nowhere = "127.0.0.1:" + ServerProcess.freePorts(1).get(0);

    assertThat(problem(nowhere, trusting(server, client))).isEmpty();
  }

  private static String problem(String address, RegistryCredentials credentials) throws Exception {
    return ZooKeeperHandshake.problem(
        ZooKeeperTarget.registry(URI.create("zookeeper://" + address)),
        RegistryTls.read(credentials));
  }

  @Test
  void caFile_missing_isNamed(@TempDir Path directory) throws Exception {
    Path nowhere = directory.resolve("nowhere.pem");
    RegistryCredentials.set("zookeeper", RegistryCredentials.builder().caFile(nowhere).build());

    try (WatchedTarget watched = watch("/missing/orders")) {
      Status failure = Status.fromThrowable(watched.next(BOUND).failure());
      assertThat(failure.getDescription()).contains("CA file " + nowhere + " cannot be read");
    }
  }

  private static void trust(Pem authority, Pem own) {
    RegistryCredentials.set("zookeeper", trusting(authority, own));
  }

  private static RegistryCredentials trusting(Pem authority, Pem own) {
    return RegistryCredentials.builder()
        .caFile(authority.certFile)
        .keyPair(own.certFile, own.keyFile)
        .build();
  }

  private static String secureAddress() {
    return "127.0.0.1:" + port;
  }

  private static Registrar registrar(String path) {
    return Registrars.open(URI.create("zookeeper://" + secureAddress() + path));
  }

  private static WatchedTarget watch(String path) {
    return new WatchedTarget(
        new ZooKeeperDiscoveryProvider(), URI.create("zookeeper://" + secureAddress() + path));
  }
}
