package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.testkit.process.KubernetesSlice;
import io.evenkeel.testkit.process.KubernetesStub;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that come and go in EndpointSlices while calls run, and an API server that goes away. How
 * long it does is {@code -Dkubernetes.outage=30}, in seconds.
 */
@Timeout(240)
class KubernetesDrillTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int CALLS_PER_SECOND = 500;
  private static final int NEWCOMERS = 20;
  private static final int MANY = 30;
  private static final int OUTAGE_SECONDS = Integer.getInteger("kubernetes.outage", 4);
  private static final String NAMESPACE = "prod";
  private static final String SERVICE = "order-service";

  private final List<EvenkeelServer> servers = new ArrayList<>();
  @TempDir private Path directory;
  private KubernetesStub kubernetes;
  private EvenkeelChannel channel;

  @BeforeEach
  void start() throws Exception {
    kubernetes = KubernetesStub.start();
    Path kubeconfig = kubernetes.writeKubeconfig(directory.resolve("kubeconfig"), NAMESPACE);
    System.setProperty("kubeconfig", kubeconfig.toString());
    channel = Evenkeel.channel("kubernetes:///" + SERVICE + ":grpc").plaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    servers.forEach(EvenkeelServer::close);
    System.clearProperty("kubeconfig");
    kubernetes.close();
  }

  @Test
  void sliceAdded_underLoad_isCalledAndCostsNoCall() throws Exception {
    serve(1 + NEWCOMERS);
    add(servers.get(0));
    channel.awaitReady(1, BOUND);

    List<Duration> waits = new ArrayList<>();
    try (OrderLoad load = OrderLoad.start(channel, CALLS_PER_SECOND, BOUND)) {
      load.awaitCalls(CALLS_PER_SECOND);
      for (EvenkeelServer newcomer : servers.subList(1, servers.size())) {
        long start = System.nanoTime();
        add(newcomer);
        load.awaitServedBy(newcomer.endpoint().id());
        waits.add(Duration.ofNanos(System.nanoTime() - start));
      }
      assertThat(load.stop().failures()).isEmpty();
    }

    Duration median = waits.stream().sorted().toList().get(NEWCOMERS / 2);
    System.out.printf("from adding a slice to the first call: median %s of %s%n", median, waits);
  }

  @Test
  void scale_manyAndBackUnderLoad_isFollowedWithoutAFailedCall() throws Exception {
    serve(MANY);
    servers.subList(0, 2).forEach(this::add);
    channel.awaitReady(2, BOUND);

    try (OrderLoad load = OrderLoad.start(channel, CALLS_PER_SECOND, BOUND)) {
      load.awaitCalls(CALLS_PER_SECOND);
      long up = System.nanoTime();
      servers.subList(2, MANY).forEach(this::add);
      for (EvenkeelServer each : servers) {
        load.awaitServedBy(each.endpoint().id());
      }
      long all = System.nanoTime();

      servers.subList(2, MANY).forEach(this::remove);
      // As pods do it: gone from the slices first, and then drained.
      servers.subList(2, MANY).forEach(EvenkeelServer::close);
      long closed = System.nanoTime();
      load.mark().awaitCalls(CALLS_PER_SECOND);

      assertThat(load.servedBy().keySet()).isSubsetOf(ids(servers));
      load.awaitCalls(CALLS_PER_SECOND).mark().awaitCalls(CALLS_PER_SECOND);
      assertThat(load.servedBy().keySet()).isEqualTo(ids(servers.subList(0, 2)));
      assertThat(load.stop().failures()).isEmpty();
      System.out.printf(
          "2 to %d servers under load: all serve after %d ms; back to 2: all closed %d ms later%n",
          MANY,
          TimeUnit.NANOSECONDS.toMillis(all - up),
          TimeUnit.NANOSECONDS.toMillis(closed - all));
    }
  }

  @Test
  void apiServerGone_underLoad_costsNoCallAndIsExactAfterwards() throws Exception {
    serve(6);
    servers.subList(0, 4).forEach(this::add);
    channel.awaitReady(4, BOUND);

    try (OrderLoad load = OrderLoad.start(channel, CALLS_PER_SECOND, BOUND)) {
      load.awaitCalls(CALLS_PER_SECOND);
      kubernetes.stop();
      load.awaitStarts(CALLS_PER_SECOND);
      remove(servers.get(0));
      add(servers.get(4));
      load.mark().awaitStarts(CALLS_PER_SECOND * (OUTAGE_SECONDS - 1));
      assertThat(load.servedBy().keySet()).isEqualTo(ids(servers.subList(0, 4)));
      kubernetes.launch();
      long back = System.nanoTime();

      load.awaitServedBy(servers.get(4).endpoint().id());
      long seen = System.nanoTime();
      add(servers.get(5));
      load.awaitServedBy(servers.get(5).endpoint().id());
      load.mark().awaitCalls(CALLS_PER_SECOND);

      assertThat(load.servedBy().keySet()).isEqualTo(ids(servers.subList(1, 6)));
      assertThat(load.stop().failures()).isEmpty();
      System.out.printf(
          "API server gone for %d s: no call failed; what changed was seen %d ms after it was back%n",
          OUTAGE_SECONDS, TimeUnit.NANOSECONDS.toMillis(seen - back));
    }
  }

  private void serve(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      ServerSettings settings =
          ServerSettings.defaults()
              .with(ServerSetting.ID, "s" + i)
              .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
      servers.add(DemoServices.start("order", settings, Map.of(), step -> {}));
    }
  }

  /** In a slice of its own, since servers of one machine have different ports. */
  private void add(EvenkeelServer server) {
    Endpoint endpoint = server.endpoint();
    int port = ((InetSocketAddress) endpoint.addresses().get(0)).getPort();
    kubernetes.put(
        NAMESPACE,
        KubernetesSlice.of(SERVICE + "-" + endpoint.id(), SERVICE)
            .port("grpc", port)
            .pod(endpoint.id(), "127.0.0.1")
            .json());
  }

  private void remove(EvenkeelServer server) {
    kubernetes.delete(NAMESPACE, SERVICE + "-" + server.endpoint().id());
  }

  private static Set<String> ids(List<EvenkeelServer> servers) {
    return servers.stream().map(each -> each.endpoint().id()).collect(Collectors.toSet());
  }
}
