package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.ZooKeeperServer;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ZooKeeper dies, hangs, comes back with its data or without, ends sessions. */
@Timeout(60)
class ZooKeeperFaultsTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration BOUND = Duration.ofSeconds(15);

  /** Longer than a session lasts that nobody keeps alive: ZooKeeper counts in ticks of 0.5 s. */
  private static final Duration PAST_TTL = TTL.plusSeconds(1);

  private static final Endpoint A = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");
  private static final Endpoint B = Endpoint.of(HostPort.parse("10.0.0.2:80")).withId("b");

  @TempDir private Path directory;
  private ZooKeeperServer zookeeper;
  private Registrar registrar;
  private Registrar observer;

  @BeforeEach
  void start() throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
    registrar = Registrars.open(URI.create(uri() + "?ttl=2s"));
    observer = Registrars.open(URI.create(uri() + "?ttl=2s"));
  }

  @AfterEach
  void stop() throws Exception {
    if (zookeeper.process().isAlive()) {
      zookeeper.process().resume();
    }
    registrar.close();
    observer.close();
    zookeeper.close();
  }

  private String uri() {
    return "zookeeper://" + zookeeper.address() + "/services";
  }

  @Test
  void zookeeper_isKilledWhileServicesChange_theListStaysAndIsExactAfterwards() throws Exception {
    observer.register("orders", B);
    try (WatchedTarget watched = watch()) {
      watched.await(BOUND, result -> result.ids().equals(List.of("b")));

      zookeeper.kill();
      Await.until(BOUND, () -> watched.status().snapshot().problem(), said -> !said.isEmpty());
      assertThat(watched.status().snapshot().problem())
          .startsWith("ZooKeeper at " + zookeeper.address());
      zookeeper.launch();
      zookeeper.awaitServing();
      registrar.register("orders", A);

      watched.await(BOUND, result -> result.ids().equals(List.of("a", "b")));
      registrar.deregister("orders", "a");
      watched.await(BOUND, result -> result.ids().equals(List.of("b")));
    }
  }

  /**
   * It refuses clients that know more than itself, and says so to none of them: they begin anew
   * when their sessions must be over.
   */
  @Test
  void zookeeper_losesItsData_allRegisterAgainAndAreSeen() throws Exception {
    registrar.register("orders", A).update(A.withWeight(7));
    observer.register("orders", B);
    try (WatchedTarget watched = watch()) {
      watched.await(BOUND, result -> result.ids().equals(List.of("a", "b")));

      zookeeper.kill();
      deleteData();
      zookeeper.launch();
      zookeeper.awaitServing();

      List<Endpoint> latest = List.of(A.withWeight(7), B);
      Await.until(BOUND, this::listed, latest::equals);
      registrar.register("orders", A.withWeight(9));
      watched.await(BOUND, result -> result.endpoints().equals(List.of(A.withWeight(9), B)));
    }
  }

  @Test
  void session_expires_theLatestValueIsRegisteredAgainUnderAnother() throws Exception {
    Registration registration = registrar.register("orders", A);
    registration.update(A.withWeight(7));
    try (ZooKeeperShell shell = new ZooKeeperShell(zookeeper)) {
      long session = shell.owner("/services/orders/a");

      endSession(session);

      Await.until(BOUND, () -> owner(shell), owner -> owner != 0 && owner != session);
      assertThat(listed()).containsExactly(A.withWeight(7));
    }
  }

  @Test
  void zookeeper_hangsForATtl_theInstanceIsListedAgain() throws Exception {
    registrar.register("orders", A);

    zookeeper.process().pause();
    Await.always(PAST_TTL, () -> 0, away -> true);
    zookeeper.process().resume();

    // What is listed at first may be the old node, whose session ZooKeeper ends only now.
    Await.always(PAST_TTL, () -> 0, settling -> true);

    Await.always(TTL, this::listed, List.of(A)::equals);
  }

  @Test
  void update_whileZooKeeperIsDown_throwsAndIsWhatIsRegisteredAfterwards() throws Exception {
    Registration registration = registrar.register("orders", A);
    zookeeper.kill();

    assertThatThrownBy(() -> registration.update(A.withWeight(7)))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("ZooKeeper at " + zookeeper.address());
    zookeeper.launch();
    zookeeper.awaitServing();

    Await.until(BOUND, this::listed, List.of(A.withWeight(7))::equals);
  }

  @Test
  void register_zookeeperIsDown_throwsAndWorksOnceItIsUp() throws Exception {
    zookeeper.kill();

    assertThatThrownBy(() -> registrar.register("orders", A))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("ZooKeeper at " + zookeeper.address())
        .hasMessageContaining("no connection to any member");
    zookeeper.launch();
    zookeeper.awaitServing();
    registrar.register("orders", A);

    assertThat(listed()).containsExactly(A);
  }

  @Test
  void close_zookeeperHangs_returnsAndTheSessionsEndEndsTheInstance() throws Exception {
    Registration registration = registrar.register("orders", A);
    observer.register("orders", B);
    zookeeper.process().pause();

    registration.close();
    registrar.close();
    zookeeper.process().resume();

    Await.until(BOUND, this::listed, List.of(B)::equals);
  }

  /**
   * A node whose deletion is not confirmed would else stay as long as the session of the others.
   */
  @Test
  void close_oneOfTwoWhileZooKeeperHangs_onlyTheOtherIsListedAfterwards() throws Exception {
    Registration leaving = registrar.register("orders", A);
    registrar.register("orders", B);
    zookeeper.process().pause();

    leaving.close();
    zookeeper.process().resume();

    Await.until(BOUND, this::listed, List.of(B)::equals);
    Await.always(PAST_TTL, this::listed, List.of(B)::equals);
  }

  @Test
  void start_zookeeperIsDown_saysSoAndUsesTheFallbackUntilItIsUp() throws Exception {
    observer.register("orders", B);
    zookeeper.kill();

    try (WatchedTarget plain = watch();
        WatchedTarget withFallback =
            watch(uri() + "/orders?fallback=fixed:///127.0.0.1:9&debounce=0ms")) {
      Status failure = Status.fromThrowable(plain.next(BOUND).failure());
      assertThat(failure.getDescription())
          .contains("ZooKeeper at " + zookeeper.address(), "no connection to any member");
      assertThat(withFallback.next(BOUND).ids()).containsExactly("127.0.0.1:9");
      zookeeper.launch();
      zookeeper.awaitServing();

      plain.await(BOUND, result -> result.ids().equals(List.of("b")));
      withFallback.await(BOUND, result -> result.ids().equals(List.of("b")));
    }
  }

  /** Ends a session behind its owner's back: whoever has its id and password may do so. */
  private void endSession(long session) throws Exception {
    byte[] password = new byte[16];
    // How a server makes the password of a session, so that its successors know it too.
    new Random(session ^ 0xB3415C00L).nextBytes(password);
    CountDownLatch joined = new CountDownLatch(1);
    ZooKeeper intruder =
        new ZooKeeper(zookeeper.address(), 5_000, event -> joined.countDown(), session, password);
    assertThat(joined.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(intruder.getState().isConnected()).isTrue();
    intruder.close();
  }

  /** 0 while there is no node. */
  private static long owner(ZooKeeperShell shell) throws Exception {
    return shell.curator().checkExists().forPath("/services/orders/a") == null
        ? 0
        : shell.owner("/services/orders/a");
  }

  private List<Endpoint> listed() {
    try {
      return observer.instances("orders");
    } catch (RegistrationException unreachable) {
      return List.of();
    }
  }

  private WatchedTarget watch() {
    return watch(uri() + "/orders?maxDrop=100%25");
  }

  private static WatchedTarget watch(String target) {
    return new WatchedTarget(new ZooKeeperDiscoveryProvider(), URI.create(target));
  }

  private void deleteData() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
