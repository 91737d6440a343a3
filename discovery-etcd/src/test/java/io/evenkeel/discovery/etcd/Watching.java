package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.DiscoveryRecorder;
import io.evenkeel.testkit.process.EtcdServer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

/** A discovery of the service {@code orders} on real servers, with nobody who asks for it again. */
final class Watching implements AutoCloseable {
  private final ExecutorService offload = Executors.newSingleThreadExecutor();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final EtcdDiscovery discovery;
  final DiscoveryRecorder seen = new DiscoveryRecorder();

  Watching(List<EtcdServer> servers, EtcdAccess access) {
    EtcdTarget target = EtcdTarget.service(uri(servers));
    this.discovery =
        new EtcdDiscovery(
            target,
            new GoEndpointsCodec(),
            new DiscoveryContext(offload, scheduler, System::nanoTime, () -> 0.5),
            () -> EtcdClient.open(target, access));
  }

  /** Begins to watch {@code servers} without user and TLS. */
  static Watching start(EtcdServer... servers) {
    return start(RegistryCredentials.NONE, servers);
  }

  /** Begins to watch {@code servers}. */
  static Watching start(RegistryCredentials credentials, EtcdServer... servers) {
    Watching watching = new Watching(List.of(servers), new EtcdAccess(credentials, false));
    watching.start();
    return watching;
  }

  static URI uri(List<EtcdServer> servers) {
    return URI.create(
        servers.stream().map(EtcdServer::address).collect(Collectors.joining(",", "etcd://", "/"))
            + "orders");
  }

  /** Writes an instance as a Go program would. */
  static void put(EtcdServer server, String id, int port) throws Exception {
    server.ctl(
        "put", "orders/" + id, "{\"Op\":0,\"Addr\":\"127.0.0.1:" + port + "\",\"Metadata\":null}");
  }

  void start() {
    discovery.start(seen);
  }

  void refresh() {
    discovery.refresh();
  }

  @Override
  public void close() {
    discovery.close();
    offload.shutdown();
    scheduler.shutdown();
  }
}
