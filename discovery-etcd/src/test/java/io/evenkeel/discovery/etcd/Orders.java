package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.EtcdServer;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** The service {@code orders} on real servers. */
final class Orders {
  private Orders() {}

  /** Begins to watch it on {@code servers} without user and TLS. */
  static WatchedDiscovery watch(EtcdServer... servers) {
    return watch(RegistryCredentials.NONE, servers);
  }

  static WatchedDiscovery watch(RegistryCredentials credentials, EtcdServer... servers) {
    return watch(new EtcdAccess(credentials, false), servers);
  }

  static WatchedDiscovery watch(EtcdAccess access, EtcdServer... servers) {
    EtcdTarget target = EtcdTarget.service(uri(List.of(servers)));
    return WatchedDiscovery.start(
        context ->
            new EtcdDiscovery(
                target, new GoEndpointsCodec(), context, () -> EtcdClient.open(target, access)));
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
}
