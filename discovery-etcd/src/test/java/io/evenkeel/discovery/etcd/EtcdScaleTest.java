package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large service that changes all the time. {@code -Detcd.churn=30} sets for how many seconds; the
 * test prints what that cost.
 */
@RequiresServer("etcd")
class EtcdScaleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int INSTANCES = 1_000;
  private static final int CHANGES_PER_SECOND = 100;
  private static final int SECONDS = Integer.getInteger("etcd.churn", 3);
  private static final int OPENED_AND_CLOSED = 250;

  private final EtcdCodec codec = new GoEndpointsCodec();
  @TempDir Path directory;
  private EtcdServer etcd;
  private EtcdClient writer;

  @BeforeEach
  void startServer() throws Exception {
    etcd = EtcdServer.start(directory);
    writer =
        EtcdClient.open(
            EtcdTarget.service(Orders.uri(List.of(etcd))),
            new EtcdAccess(RegistryCredentials.NONE, false));
  }

  @AfterEach
  void stopServer() {
    writer.close();
    etcd.close();
  }

  @Test
  void churn_thousandInstances_endsExactAndLeavesNothing() throws Exception {
    Map<String, Endpoint> truth = fill();
    Random random = new Random(1);
    Leftovers before = Leftovers.now();
    try (WatchedTarget watched =
        new WatchedTarget(new EtcdDiscoveryProvider(), Orders.uri(List.of(etcd)))) {
      watched.await(BOUND, result -> result.endpoints().size() == INSTANCES);
      Cost start = Cost.now();
      long began = System.nanoTime();
      for (int i = 0; i < CHANGES_PER_SECOND * SECONDS; i++) {
        change(truth, "i" + random.nextInt(INSTANCES), random);
        long next = began + TimeUnit.SECONDS.toNanos(i) / CHANGES_PER_SECOND;
        LockSupport.parkNanos(Math.max(1, next - System.nanoTime()));
      }

      watched.await(BOUND, result -> result.endpoints().equals(List.copyOf(truth.values())));

      start.print(SECONDS);
    }
    before.awaitNoMore("evenkeel", BOUND);
  }

  @Test
  void openAndClose_manyTimes_leavesNeitherThreadNorFile() throws Exception {
    put("a", 1);
    openAndClose(1);
    Leftovers before = Leftovers.now();

    openAndClose(OPENED_AND_CLOSED);

    before.awaitNoMore("", BOUND);
  }

  private void openAndClose(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (WatchedDiscovery watching = Orders.watch(etcd)) {
        watching.seen().nextSet(BOUND);
      }
    }
  }

  private Map<String, Endpoint> fill() throws Exception {
    Map<String, Endpoint> truth = new TreeMap<>();
    List<RequestOp> puts = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      Endpoint endpoint = endpoint("i" + i, 1 + i);
      truth.put(endpoint.id(), endpoint);
      puts.add(RequestOp.newBuilder().setRequestPut(request(endpoint)).build());
      if (puts.size() == 100) {
        writer
            .call(KVGrpc.getTxnMethod(), TxnRequest.newBuilder().addAllSuccess(puts).build())
            .get();
        puts.clear();
      }
    }
    return truth;
  }

  /** Another weight; no instance leaves, so that no guard against large drops has a say. */
  private void change(Map<String, Endpoint> truth, String id, Random random) throws Exception {
    Endpoint changed = truth.get(id).withWeight(1 + random.nextInt(100));
    truth.put(id, changed);
    writer.call(KVGrpc.getPutMethod(), request(changed)).get();
  }

  private void put(String id, int port) throws Exception {
    writer.call(KVGrpc.getPutMethod(), request(endpoint(id, port))).get();
  }

  private PutRequest request(Endpoint endpoint) {
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8("orders/" + codec.key(endpoint.id())))
        .setValue(ByteString.copyFrom(codec.value(endpoint)))
        .build();
  }

  private static Endpoint endpoint(String id, int port) {
    return Endpoint.of(HostPort.parse("10.0.0.1:" + port)).withId(id);
  }

  /** What this process has used so far. */
  private record Cost(long cpuNanos, long heapBytes) {
    static Cost now() {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long cpu = 0;
      for (long id : threads.getAllThreadIds()) {
        cpu += Math.max(0, threads.getThreadCpuTime(id));
      }
      return new Cost(cpu, heap());
    }

    /** The least of some, because what runs beside a collection makes garbage right after it. */
    private static long heap() {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        System.gc();
        least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      }
      return least;
    }

    void print(int seconds) {
      Cost end = now();
      System.out.printf(
          "%d instances, %d changes/s for %d s: %.1f %% of a processor, heap %+d KiB%n",
          INSTANCES,
          CHANGES_PER_SECOND,
          seconds,
          (end.cpuNanos - cpuNanos) / 1e7 / seconds,
          (end.heapBytes - heapBytes) >> 10);
    }
  }
}
