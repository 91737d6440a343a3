package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How soon a server that registers in etcd gets calls, and how an orderly one leaves. */
@RequiresServer("etcd")
@Timeout(120)
class EtcdNewcomerTest {
  private static final int NEWCOMERS = 20;
  private static final int CALLS_PER_SECOND = 1_000;
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String SERVICE = "order-service";

  @TempDir private Path directory;

  @Test
  void register_newcomersUnderLoad_getTheirFirstCallWithinATenthOfASecond() throws Exception {
    List<EvenkeelServer> servers = new ArrayList<>();
    try (EtcdServer etcd = EtcdServer.start(directory);
        Registrar registrar = Registrars.open(registry(etcd))) {
      for (int i = 0; i <= NEWCOMERS; i++) {
        servers.add(unregistered("s" + i));
      }
      registrar.register(SERVICE, servers.get(0).endpoint());
      EvenkeelChannel channel =
          Evenkeel.channel("etcd://" + etcd.address() + "/" + SERVICE).plaintext().build();
      channel.awaitReady(1, BOUND);

      List<Duration> waits = firstCalls(registrar, channel, servers.subList(1, servers.size()));

      channel.shutdownNow();
      Duration median = waits.stream().sorted().toList().get(NEWCOMERS / 2);
      System.out.printf("from registering to the first call: median %s of %s%n", median, waits);
      assertThat(median).isLessThan(Duration.ofMillis(100));
    } finally {
      servers.forEach(EvenkeelServer::close);
    }
  }

  /** Registers one after the other, and waits for a call at each. */
  private static List<Duration> firstCalls(
      Registrar registrar, EvenkeelChannel channel, List<EvenkeelServer> newcomers)
      throws Exception {
    List<Duration> waits = new ArrayList<>();
    try (OrderLoad load = OrderLoad.start(channel, CALLS_PER_SECOND, BOUND)) {
      load.awaitCalls(CALLS_PER_SECOND);
      for (EvenkeelServer newcomer : newcomers) {
        long start = System.nanoTime();
        registrar.register(SERVICE, newcomer.endpoint());
        load.awaitServedBy(newcomer.endpoint().id());
        waits.add(Duration.ofNanos(System.nanoTime() - start));
      }
      assertThat(load.stop().failures()).isEmpty();
    }
    return waits;
  }

  @Test
  void serve_etcdByUri_isListedWithItsMetadataAndLeavesAtItsEnd() throws Exception {
    try (EtcdServer etcd = EtcdServer.start(directory);
        Registrar observer = Registrars.open(registry(etcd))) {
      ServerSettings settings =
          plain("a")
              .with(ServerSetting.REGISTRY, List.of(registry(etcd)))
              .with(ServerSetting.ADVERTISE, "127.0.0.1")
              .with(ServerSetting.WEIGHT, 9)
              .with(ServerSetting.ZONE, "z1")
              .with(ServerSetting.VERSION, "1.2");
      EvenkeelServer server = DemoServices.start("order", settings, Map.of(), step -> {});
      server.awaitReady(BOUND);
      List<Endpoint> listed = observer.instances(SERVICE);

      server.close();

      assertThat(listed).containsExactly(server.endpoint());
      assertThat(listed.get(0).weight()).isEqualTo(9);
      assertThat(listed.get(0).zone()).isEqualTo("z1");
      assertThat(listed.get(0).metadata()).isEqualTo(Map.of("version", "1.2"));
      assertThat(observer.instances(SERVICE)).isEmpty();
    }
  }

  private static EvenkeelServer unregistered(String id) throws Exception {
    return DemoServices.start("order", plain(id), Map.of(), step -> {});
  }

  private static ServerSettings plain(String id) {
    return ServerSettings.defaults()
        .with(ServerSetting.ID, id)
        .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
  }

  private static URI registry(EtcdServer etcd) {
    return URI.create("etcd://" + etcd.address() + "?loopback=allow");
  }
}
