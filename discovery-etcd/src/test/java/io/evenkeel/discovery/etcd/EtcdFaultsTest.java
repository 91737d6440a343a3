package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.WatchResponse;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What may happen to a real etcd. Each test has one of its own. */
@RequiresServer({"etcd", "etcdctl"})
@Execution(ExecutionMode.CONCURRENT)
class EtcdFaultsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path directory;
  private EtcdServer etcd;

  @BeforeEach
  void startServer() throws Exception {
    etcd = EtcdServer.start(directory);
    Orders.put(etcd, "a", 1);
    Orders.put(etcd, "b", 2);
  }

  @AfterEach
  void stopServer() {
    etcd.close();
  }

  @Test
  void restart_changesMeanwhile_areSeen() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(etcd)) {
      watching.seen().await(BOUND, "a", "b");

      etcd.kill();
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .startsWith("etcd at " + etcd.address());
      etcd.launch();
      etcd.awaitServing();
      etcd.ctl("del", "orders/a");
      Orders.put(etcd, "c", 3);
      watching.refresh();
      watching.seen().await(BOUND, "b", "c");

      Orders.put(etcd, "d", 4);
      watching.seen().await(BOUND, "b", "c", "d");
    }
  }

  @Test
  void restart_compactedMeanwhile_isExactlyRight() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(etcd)) {
      watching.seen().await(BOUND, "a", "b");
      etcd.kill();
      watching.seen().nextError(BOUND);

      etcd.launch();
      etcd.awaitServing();
      etcd.ctl("del", "orders/a");
      for (int port = 10; port < 20; port++) {
        Orders.put(etcd, "b", port);
      }
      compact();
      watching.refresh();

      EndpointSet set = watching.seen().await(BOUND, "b");
      assertThat(set.endpoints().get(0).displayAddress()).isEqualTo("127.0.0.1:19");
    }
  }

  @Test
  void watch_fromACompactedRevision_saysSo() throws Exception {
    for (int port = 10; port < 20; port++) {
      Orders.put(etcd, "b", port);
    }
    compact();
    EtcdTarget target = EtcdTarget.service(Orders.uri(List.of(etcd)));
    CompletableFuture<String> heard = new CompletableFuture<>();

    try (EtcdClient client =
        EtcdClient.open(target, new EtcdAccess(RegistryCredentials.NONE, false))) {
      EtcdWatch.open(client, target.prefix(), 2, new FirstWord(heard));

      assertThat(heard).succeedsWithin(BOUND).isEqualTo("compacted");
    }
  }

  @Test
  void restart_allDataLost_isWhatEtcdHasNow() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(etcd)) {
      watching.seen().await(BOUND, "a", "b");
      etcd.close();
      watching.seen().awaitError(BOUND);

      try (EtcdServer empty = EtcdServer.startAgain(etcd, directory.resolve("empty"))) {
        // At the revision that the other "a" had.
        Orders.put(empty, "a", 3);
        watching.refresh();
        EndpointSet set = watching.seen().await(BOUND, "a");
        assertThat(set.endpoints().get(0).displayAddress()).isEqualTo("127.0.0.1:3");

        Orders.put(empty, "c", 4);
        watching.seen().await(BOUND, "a", "c");
      }
    }
  }

  @Test
  void paused_question_isAnErrorInTime() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(etcd)) {
      watching.seen().await(BOUND, "a", "b");

      etcd.process().pause();
      watching.refresh();
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .isEqualTo("etcd at " + etcd.address() + ": no answer within 5 s");

      etcd.process().resume();
      Orders.put(etcd, "c", 3);
      watching.refresh();
      watching.seen().await(BOUND, "a", "b", "c");
    }
  }

  @Test
  void paused_nobodyAsks_isNoticed() throws Exception {
    try (WatchedDiscovery watching = Orders.watch(etcd)) {
      watching.seen().await(BOUND, "a", "b");

      etcd.process().pause();

      Duration noticed = EtcdClient.SILENCE.plus(EtcdClient.PING_TIMEOUT);
      watching.seen().nextError(noticed.plus(BOUND));
    }
  }

  @Test
  void down_atTheStart_isAnErrorAndWorksOnceItIsUp() throws Exception {
    etcd.kill();
    try (WatchedDiscovery watching = Orders.watch(etcd)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .startsWith("etcd at " + etcd.address())
          .contains("Connection refused");
      Await.always(Duration.ofMillis(500), watching.seen()::size, size -> size == 0);

      etcd.launch();
      etcd.awaitServing();
      watching.refresh();

      watching.seen().await(BOUND, "a", "b");
    }
  }

  private void compact() throws Exception {
    String revision =
        etcd.ctl("get", "--prefix", "orders/", "--write-out=json")
            .replaceAll("(?s).*\"revision\":(\\d+).*", "$1");
    etcd.ctl("compact", revision);
  }

  private record FirstWord(CompletableFuture<String> heard) implements EtcdWatch.Listener {
    @Override
    public void onChanges(EtcdWatch watch, WatchResponse changes) {
      heard.complete("changes");
    }

    @Override
    public void onCompacted(EtcdWatch watch) {
      heard.complete("compacted");
    }

    @Override
    public void onFailure(EtcdWatch watch, Throwable error) {
      heard.completeExceptionally(error);
    }
  }
}
