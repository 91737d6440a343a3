package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.zookeeper.CuratorCodec.PortChoice;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.ZooKeeperServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand services watched by one process, and one service of a thousand instances. */
class ZooKeeperScaleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int MANY = 1_000;
  private static final int CHANGES = 300;

  /** ZooKeeper's two and Curator's three. */
  private static final int THREADS = 5;

  @TempDir private Path directory;

  @Test
  void watch_thousandServices_areOneSessionOneWatchEachAndFewThreads() throws Exception {
    try (ZooKeeperServer zookeeper = ZooKeeperServer.start(directory)) {
      try (ZooKeeperShell shell = new ZooKeeperShell(zookeeper)) {
        write(shell.curator(), i -> "/many/s" + i + "/a");
      }
      Leftovers before =
          Await.until(BOUND, Leftovers::now, now -> now.count("evenkeel-zookeeper") == 0);
      List<WatchedTarget> watches = new ArrayList<>();
      try {
        for (int i = 0; i < MANY; i++) {
          watches.add(watch(zookeeper, "/many/s" + i));
        }
        for (WatchedTarget each : watches) {
          assertThat(each.next(BOUND).ids()).containsExactly("a");
        }

        Leftovers now = Leftovers.now();
        assertThat(zookeeper.ask("wchs")).contains("1 connections watching 1000 paths");
        assertThat(now.count("evenkeel-zookeeper")).isLessThanOrEqualTo(THREADS);
        zookeeper.kill();
        zookeeper.launch();
        zookeeper.awaitServing();
        Await.until(
            BOUND, () -> zookeeper.ask("wchs"), told -> told.contains("watching 1000 paths"));
      } finally {
        watches.forEach(WatchedTarget::close);
      }
      before.awaitNoMore("evenkeel", BOUND);
    }
  }

  @Test
  void watch_thousandInstancesThatChange_endsExact() throws Exception {
    try (ZooKeeperServer zookeeper = ZooKeeperServer.start(directory);
        ZooKeeperShell shell = new ZooKeeperShell(zookeeper)) {
      write(shell.curator(), i -> "/one/orders/i" + i);
      try (WatchedTarget watched = watch(zookeeper, "/one/orders")) {
        watched.await(BOUND, result -> result.endpoints().size() == MANY);

        write(shell.curator(), i -> "/one/orders/i" + (MANY + i));
        for (int i = 0; i < MANY / 4; i++) {
          shell.delete("/one/orders/i" + i);
        }

        watched.await(BOUND, result -> result.endpoints().size() == 2 * MANY - MANY / 4);
      }
    }
  }

  /** What is deleted and made again between two reads must not be missed, nor live on. */
  @Test
  void watch_nodesThatComeAndGoAllTheTime_endsExact() throws Exception {
    Random random = new Random(11);
    try (ZooKeeperServer zookeeper = ZooKeeperServer.start(directory);
        ZooKeeperShell shell = new ZooKeeperShell(zookeeper)) {
      shell.put("/busy/orders/last", "{\"address\":\"10.0.0.1\",\"port\":1}");
      try (WatchedTarget watched = watch(zookeeper, "/busy/orders")) {
        for (int i = 1; i <= CHANGES; i++) {
          String node = "/busy/orders/i" + random.nextInt(20);
          if (random.nextBoolean()) {
            shell.put(node, "{\"address\":\"10.0.0.2\",\"port\":" + i + "}");
          } else {
            shell.delete(node);
          }
        }
        shell.put("/busy/orders/last", "{\"address\":\"10.0.0.1\",\"port\":2}");

        List<String> left = new ArrayList<>();
        for (String name : shell.curator().getChildren().forPath("/busy/orders")) {
          left.add(name + shell.get("/busy/orders/" + name).replaceAll(".*\"port\":|}", ":"));
        }
        watched.await(BOUND, result -> ports(result).equals(left.stream().sorted().toList()));
      }
    }
  }

  private static List<String> ports(WatchedTarget.Result result) {
    return result.endpoints().stream()
        .map(each -> each.id() + each.displayAddress().replaceAll(".*:", ":") + ":")
        .sorted()
        .toList();
  }

  /** ZooKeeper's client would take no answer of a mebibyte, and drop the connection of all. */
  @Test
  void watch_listLargerThanAMebibyte_isRead() throws Exception {
    String long1100 = "x".repeat(1_100);
    try (ZooKeeperServer zookeeper = ZooKeeperServer.start(directory);
        ZooKeeperShell shell = new ZooKeeperShell(zookeeper)) {
      write(shell.curator(), i -> "/large/orders/" + long1100 + i);

      try (WatchedTarget watched = watch(zookeeper, "/large/orders")) {
        assertThat(watched.next(BOUND).endpoints()).hasSize(MANY);
      }
    }
  }

  private interface Names {
    String path(int i);
  }

  /** Makes a thousand nodes, without waiting for each. */
  private static void write(CuratorFramework curator, Names names) throws Exception {
    CuratorCodec codec = new CuratorCodec(PortChoice.PLAIN);
    CountDownLatch written = new CountDownLatch(MANY);
    for (int i = 0; i < MANY; i++) {
      String path = names.path(i);
      Endpoint endpoint =
          Endpoint.of(
                  HostPort.parse(
                      "10.0." + i / 250 + "." + i % 250 + ":" + (1 + path.hashCode() & 0x7fff)))
              .withId(path.substring(path.lastIndexOf('/') + 1));
      curator
          .create()
          .creatingParentsIfNeeded()
          .inBackground((client, event) -> written.countDown())
          .forPath(path, codec.value("x", endpoint, 1));
    }
    assertThat(written.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static WatchedTarget watch(ZooKeeperServer zookeeper, String path) {
    return new WatchedTarget(
        new ZooKeeperDiscoveryProvider(), URI.create(zookeeper.uri() + path + "?maxDrop=100%25"));
  }
}
