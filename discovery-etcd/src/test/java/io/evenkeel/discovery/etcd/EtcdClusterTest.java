package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members, of which some are lost. */
@RequiresServer({"etcd", "etcdctl"})
class EtcdClusterTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path directory;
  private List<EtcdServer> members;

  @BeforeEach
  void startCluster() throws Exception {
    members = EtcdServer.startCluster(directory, 3);
    Orders.put(members.get(0), "a", 1);
  }

  @AfterEach
  void stopCluster() {
    members.forEach(EtcdServer::close);
  }

  @Test
  void leader_killed_changesAreSeenOverTheOthers() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(members.toArray(new EtcdServer[0]))) {
      watching.seen().await(BOUND, "a");
      EtcdServer leader = EtcdServer.leaderOf(members);
      EtcdServer other = members.stream().filter(each -> each != leader).findFirst().orElseThrow();

      leader.kill();
      putOnceThereIsALeader(other, "b", 2);

      askUntil(watching, "a", "b");
    }
  }

  @Test
  void leader_paused_changesAreSeenOverTheOthers() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(members.toArray(new EtcdServer[0]))) {
      watching.seen().await(BOUND, "a");
      EtcdServer leader = EtcdServer.leaderOf(members);
      EtcdServer other = members.stream().filter(each -> each != leader).findFirst().orElseThrow();

      leader.process().pause();
      putOnceThereIsALeader(other, "b", 2);

      askUntil(watching, "a", "b");
    }
  }

  /** A member without a majority must say so: its watch would stay silent for ever. */
  @Test
  void majority_lost_isAnErrorAndComesBack() throws Exception {
    EtcdServer last = members.get(2);
    try (WatchedDiscovery watching = Orders.watch(last)) {
      watching.seen().await(BOUND, "a");

      members.get(0).kill();
      members.get(1).kill();
      assertThat(watching.seen().nextError(BOUND).getDescription()).contains("no leader");

      members.get(0).launch();
      members.get(0).awaitServing();
      putOnceThereIsALeader(last, "b", 2);
      askUntil(watching, "a", "b");
    }
  }

  /** Asks again as the supervisor does. */
  private static void askUntil(WatchedDiscovery watching, String... ids) throws Exception {
    long end = System.nanoTime() + BOUND.toNanos();
    while (true) {
      watching.refresh();
      try {
        watching.seen().await(Duration.ofSeconds(1), ids);
        return;
      } catch (AssertionError notYet) {
        if (System.nanoTime() - end > 0) {
          throw notYet;
        }
      }
    }
  }

  private static void putOnceThereIsALeader(EtcdServer member, String id, int port)
      throws Exception {
    Await.until(
        BOUND,
        () -> {
          try {
            Orders.put(member, id, port);
            return true;
          } catch (IOException noLeader) {
            return false;
          }
        },
        done -> done);
  }
}
