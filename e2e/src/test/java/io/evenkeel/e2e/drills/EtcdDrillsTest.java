package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RegistryServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Also loses etcd's data, and the leader of a cluster, and stops servers in order. */
@RequiresServer({"etcd", "etcdctl"})
class EtcdDrillsTest extends RegistryDrills {
  private static final int CALLS_PER_SECOND = 200;

  @TempDir private Path directory;
  @AutoClose private EtcdServer etcd;

  @Override
  RegistryServer serving() throws Exception {
    etcd = EtcdServer.start(directory);
    return etcd;
  }

  @Override
  String complaint(String address) {
    return "etcd at " + address + ".*Connection refused";
  }

  @Override
  int outageSeconds() {
    return 30;
  }

  @Test
  void etcd_comesBackEmptyUnderLoad_noCallFailsAndAllRegisterAgain() throws Exception {
    try (Cluster cluster = Cluster.ofOrders(uri(), TTL, "a", "b", "c", "d", "e");
        OrderLoad load = OrderLoad.start(ready(5, cluster.channel()), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a");

      etcd.kill();
      etcd.deleteData();
      load.awaitCalls(3 * CALLS_PER_SECOND);
      etcd.launch();
      etcd.awaitServing();
      Await.until(WITHIN_TTL, this::instances, List.of("a", "b", "c", "d", "e")::equals);
      load.awaitCalls(2 * CALLS_PER_SECOND).stop();

      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void etcdLeader_isKilledUnderLoad_noCallFailsAndANewcomerIsSeen() throws Exception {
    List<EtcdServer> members = EtcdServer.startCluster(directory.resolve("members"), 3);
    String registry =
        members.stream().map(EtcdServer::address).collect(Collectors.joining(",", "etcd://", ""));
    try (Cluster cluster = Cluster.ofOrders(registry, Duration.ofSeconds(3), "a", "b");
        OrderLoad load = OrderLoad.start(ready(2, cluster.channel()), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b");

      EtcdServer.leaderOf(members).kill();
      cluster.launch("c", Map.of());
      load.awaitServedBy("c");
      load.mark().awaitServedBy("a").awaitServedBy("b").awaitServedBy("c").stop();

      assertThat(load.failures()).isEmpty();
    } finally {
      members.forEach(EtcdServer::close);
    }
  }

  @Test
  void terminate_underLoad_isDeregisteredBeforeItStopsServing() throws Exception {
    try (Cluster cluster = Cluster.ofOrders(uri(), Duration.ofSeconds(60), "a", "b");
        OrderLoad load = load(2, CALLS_PER_SECOND)) {
      load.awaitServedBy("a").awaitServedBy("b");

      cluster.instance("a").signal("TERM");
      Await.until(BOUND, this::instances, List.of("b")::equals);
      cluster.instance("a").exitCode();
      load.stop();

      assertThat(load.failures()).isEmpty();
    }
  }
}
