package io.evenkeel.discovery.zookeeper;

import io.evenkeel.registration.Registration;
import io.evenkeel.testkit.Await;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ZooKeeper neither answers nor ends. */
class ZooKeeperHangsTest extends ZooKeeperFaults {

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
}
