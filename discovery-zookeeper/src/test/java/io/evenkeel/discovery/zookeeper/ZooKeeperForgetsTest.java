package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registration;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;

/** ZooKeeper has lost a session, or all it knew. */
class ZooKeeperForgetsTest extends ZooKeeperFaults {

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
      zookeeper.deleteData();
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
}
