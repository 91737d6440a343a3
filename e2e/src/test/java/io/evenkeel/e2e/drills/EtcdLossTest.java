package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends die, and so does etcd, under load. */
@RequiresServer({"etcd", "etcdctl"})
@Timeout(240)
class EtcdLossTest {
  private static final int CALLS_PER_SECOND = 200;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String SERVICE = "order-service";

  /** How long etcd is away. */
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("evenkeel.drill.outageSeconds", 30));

  @TempDir private Path directory;
  private EtcdServer etcd;
  private Registrar observer;

  @BeforeEach
  void start() throws Exception {
    etcd = EtcdServer.start(directory);
    observer = Registrars.open(URI.create("etcd://" + etcd.address()));
  }

  @AfterEach
  void stop() {
    observer.close();
    etcd.close();
  }

  @Test
  void kill_oneOfThreeUnderLoad_noCallFailsAndItLeavesTheListWithinItsTtl() throws Exception {
    Duration ttl = Duration.ofSeconds(2);
    try (Cluster cluster = Cluster.ofOrders(etcd, ttl, "a", "b", "c");
        Closing client = new Closing(cluster.channel().build());
        OrderLoad load = OrderLoad.start(client.ready(3), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      cluster.instance("b").signal("KILL");
      // etcd looks for leases that have ended every half second, later where it has to wait for a
      // processor.
      Await.until(ttl.plusSeconds(4), this::registered, List.of("a", "c")::equals);
      load.awaitCalls(CALLS_PER_SECOND).stop();

      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void etcd_isAwayUnderLoad_noCallFailsAndWhatChangedMeanwhileIsSeen() throws Exception {
    Duration ttl = Duration.ofSeconds(4);
    try (Cluster cluster = Cluster.ofOrders(etcd, ttl, "a", "b", "c");
        Closing client = new Closing(cluster.channel().build());
        OrderLoad load = OrderLoad.start(client.ready(3), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      etcd.kill();
      cluster.instance("c").signal("KILL");
      CommandProcess newcomer = cluster.launch("d", Map.of());
      load.awaitStarts((int) OUTAGE.toSeconds() * CALLS_PER_SECOND);
      etcd.launch();
      etcd.awaitServing();
      long back = System.nanoTime();
      Cluster.awaitListening(newcomer);
      load.awaitServedBy("d");
      print("the newcomer served its first call", back);
      Await.until(BOUND, this::registered, List.of("a", "b", "d")::equals);
      print("the list was exact", back);
      load.mark().awaitServedBy("a").awaitServedBy("b").awaitServedBy("d").stop();

      assertThat(load.failures()).isEmpty();
      assertThat(load.servedBy()).doesNotContainKey("c");
    }
  }

  @Test
  void etcd_comesBackEmptyUnderLoad_noCallFailsAndAllRegisterAgain() throws Exception {
    Duration ttl = Duration.ofSeconds(2);
    try (Cluster cluster = Cluster.ofOrders(etcd, ttl, "a", "b", "c", "d", "e");
        Closing client = new Closing(cluster.channel().build());
        OrderLoad load = OrderLoad.start(client.ready(5), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a");

      etcd.kill();
      deleteData();
      load.awaitCalls(3 * CALLS_PER_SECOND);
      etcd.launch();
      etcd.awaitServing();
      Await.until(ttl.plusSeconds(1), this::registered, List.of("a", "b", "c", "d", "e")::equals);
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
        Closing client = new Closing(cluster.channel().build());
        OrderLoad load = OrderLoad.start(client.ready(2), CALLS_PER_SECOND, DEADLINE)) {
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
    try (Cluster cluster = Cluster.ofOrders(etcd, Duration.ofSeconds(60), "a", "b");
        Closing client = new Closing(cluster.channel().build());
        OrderLoad load = OrderLoad.start(client.ready(2), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b");

      cluster.instance("a").signal("TERM");
      Await.until(BOUND, this::registered, List.of("b")::equals);
      cluster.instance("a").exitCode();
      load.stop();

      assertThat(load.failures()).isEmpty();
    }
  }

  private static void print(String what, long sinceNanos) {
    long millis = Duration.ofNanos(System.nanoTime() - sinceNanos).toMillis();
    System.out.printf("%s %d ms after etcd was back from %s%n", what, millis, OUTAGE);
  }

  /** The ids in etcd; none while it is away. */
  private List<String> registered() {
    try {
      return observer.instances(SERVICE).stream().map(Endpoint::id).toList();
    } catch (RegistrationException away) {
      return List.of();
    }
  }

  private void deleteData() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Ends a channel at the end of a test. */
  private record Closing(EvenkeelChannel channel) implements AutoCloseable {

    EvenkeelChannel ready(int endpoints) throws Exception {
      channel.awaitReady(endpoints, BOUND);
      return channel;
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
