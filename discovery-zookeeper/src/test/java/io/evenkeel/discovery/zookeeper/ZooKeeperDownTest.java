package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ZooKeeper is down at the start or later, and comes back with its data. */
class ZooKeeperDownTest extends ZooKeeperFaults {

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
    Await.until(BOUND, this::registers, registered -> registered);

    assertThat(listed()).containsExactly(A);
  }

  /** Whether {@link #A} could be registered, for which a busy machine may need several attempts. */
  private boolean registers() {
    try {
      registrar.register("orders", A);
      return true;
    } catch (RegistrationException notYet) {
      return false;
    }
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
}
