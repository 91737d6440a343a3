package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.etcd.FakeEtcd.WatchStream;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.DiscoveryRecorder;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a discovery does with each answer of etcd, one at a time. */
class EtcdWatchingTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String GOOD = "{\"Addr\":\"10.0.0.1:8080\"}";
  private static final String OTHER = "{\"Addr\":\"10.0.0.2:8080\"}";
  private static final EtcdTarget TARGET = EtcdTarget.service(URI.create("etcd://h:1/orders"));

  private final ExecutorService offload = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final DiscoveryContext context =
      new DiscoveryContext(offload, scheduler, System::nanoTime, () -> 0.5);
  private final DiscoveryRecorder seen = new DiscoveryRecorder();
  private FakeEtcd etcd;
  private EtcdDiscovery discovery;

  @BeforeEach
  void start() throws Exception {
    etcd = new FakeEtcd();
    discovery = new EtcdDiscovery(TARGET, new GoEndpointsCodec(), context, etcd::open);
  }

  @AfterEach
  void stop() {
    discovery.close();
    etcd.close();
    offload.shutdown();
    scheduler.shutdown();
  }

  @Test
  void start_always_watchesFromTheRevisionAfterTheList() throws Exception {
    etcd.put("orders/a", GOOD);

    discovery.start(seen);

    assertThat(DiscoveryRecorder.ids(seen.nextSet(BOUND))).containsExactly("a");
    assertThat(etcd.nextWatch().startRevision()).isEqualTo(3);
  }

  @Test
  void start_entryMalformed_isNamedAndTheRestServes() throws Exception {
    etcd.put("orders/a", GOOD);
    etcd.put("orders/b", "nowhere");

    discovery.start(seen);

    EndpointSet set = seen.nextSet(BOUND);
    assertThat(DiscoveryRecorder.ids(set)).containsExactly("a");
    assertThat(set.problems()).singleElement().asString().contains("instance \"b\"");
  }

  @Test
  void change_putAndDelete_areSeen() throws Exception {
    WatchStream watch = started();

    etcd.put("orders/b", OTHER);
    watch.put(etcd.get("orders/b"));
    seen.await(BOUND, "a", "b");
    watch.delete(etcd.remove("orders/a"));

    seen.await(BOUND, "b");
  }

  @Test
  void change_malformedOverGood_leavesItOut() throws Exception {
    WatchStream watch = started();

    etcd.put("orders/a", "nowhere");
    watch.put(etcd.get("orders/a"));

    assertThat(seen.nextSet(BOUND).problems()).hasSize(1);
  }

  @Test
  void change_olderThanTheList_isPassedBy() throws Exception {
    WatchStream watch = started();
    var old = etcd.get("orders/a");
    etcd.put("orders/b", OTHER);

    watch.delete(old);
    watch.put(etcd.get("orders/b"));

    assertThat(DiscoveryRecorder.ids(seen.await(BOUND, "a", "b"))).hasSize(2);
  }

  @Test
  void refresh_nothingNew_saysTheSameOverTheSameWatch() throws Exception {
    started();

    discovery.refresh();

    assertThat(DiscoveryRecorder.ids(seen.nextSet(BOUND))).containsExactly("a");
    assertThat(etcd.hasWatch()).isFalse();
    assertThat(etcd.clients()).isEqualTo(1);
  }

  @Test
  void refresh_watchHasMissedAChange_replacesIt() throws Exception {
    WatchStream silent = started();
    etcd.put("orders/b", OTHER);

    discovery.refresh();

    assertThat(DiscoveryRecorder.ids(seen.nextSet(BOUND))).containsExactly("a", "b");
    WatchStream next = etcd.nextWatch();
    assertThat(next.startRevision()).isEqualTo(4);
    silent.delete(etcd.get("orders/a"));
    etcd.put("orders/c", "{\"Addr\":\"10.0.0.3:8080\"}");
    next.put(etcd.get("orders/c"));
    seen.await(BOUND, "a", "b", "c");
  }

  @Test
  void compaction_once_listsAtOnceWithoutAnError() throws Exception {
    WatchStream watch = started();
    etcd.put("orders/b", OTHER);

    watch.compact(3);

    assertThat(DiscoveryRecorder.ids(seen.nextSet(BOUND))).containsExactly("a", "b");
    assertThat(etcd.nextWatch().startRevision()).isEqualTo(4);
  }

  @Test
  void compaction_againAndAgain_isAnErrorAndNoHotLoop() throws Exception {
    started().compact(3);
    seen.nextSet(BOUND);
    etcd.nextWatch().compact(3);

    assertThat(seen.nextError(BOUND).getDescription()).contains("compacted");
    assertThat(etcd.lists()).isEqualTo(2);
  }

  @Test
  void watch_lost_isOneErrorAndTheNextQuestionOpensAnotherClient() throws Exception {
    WatchStream watch = started();

    watch.fail(Status.UNAVAILABLE.withDescription("etcdserver: no leader"));

    assertThat(seen.nextError(BOUND).getDescription())
        .isEqualTo("etcd at h:1: etcdserver: no leader");
    assertThat(etcd.clients()).isEqualTo(1);
    etcd.put("orders/b", OTHER);
    discovery.refresh();
    seen.await(BOUND, "a", "b");
    assertThat(etcd.clients()).isEqualTo(2);
    assertThat(etcd.nextWatch().startRevision()).isEqualTo(4);
  }

  @Test
  void watch_refused_namesThePermission() throws Exception {
    WatchStream watch = started();

    watch.cancel("rpc error: code = PermissionDenied desc = etcdserver: permission denied");

    assertThat(seen.nextError(BOUND).getDescription())
        .contains("may not read keys that begin with \"orders/\"")
        .contains("role grant-permission ROLE read --prefix 'orders/'");
  }

  @Test
  void list_refused_isOneErrorPerQuestion() throws Exception {
    etcd.refuse(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));

    discovery.start(seen);
    seen.nextError(BOUND);
    discovery.refresh();
    seen.nextError(BOUND);

    Await.always(Duration.ofMillis(200), etcd::lists, count -> count == 2);
    assertThat(seen.size()).isZero();
  }

  @Test
  void open_credentialsUnreadable_isAnErrorAndTriedAgain() throws Exception {
    EtcdClient.Factory failing =
        () -> {
          throw new IOException("password file /nowhere cannot be read");
        };
    try (EtcdDiscovery blind =
        new EtcdDiscovery(TARGET, new GoEndpointsCodec(), context, failing)) {
      blind.start(seen);
      assertThat(seen.nextError(BOUND).getDescription())
          .isEqualTo("etcd at h:1: password file /nowhere cannot be read");

      blind.refresh();

      seen.nextError(BOUND);
    }
  }

  @Test
  void close_thenAnswers_saysNothing() throws Exception {
    WatchStream watch = started();

    discovery.close();
    discovery.close();
    discovery.refresh();
    etcd.put("orders/b", OTHER);
    watch.fail(Status.UNAVAILABLE);

    Await.always(Duration.ofMillis(200), seen::size, size -> size == 0);
  }

  private WatchStream started() throws Exception {
    etcd.put("orders/a", GOOD);
    discovery.start(seen);
    seen.nextSet(BOUND);
    return etcd.nextWatch();
  }
}
