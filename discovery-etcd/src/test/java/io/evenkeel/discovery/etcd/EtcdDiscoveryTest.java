package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.testkit.DiscoveryContract;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresServer({"etcd", "etcdctl"})
class EtcdDiscoveryTest extends DiscoveryContract {
  private static final EtcdCodec CODEC = new GoEndpointsCodec();
  @AutoClose private static EtcdServer etcd;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    etcd = EtcdServer.start(directory);
  }

  @Override
  protected NameResolverProvider provider() {
    return new EtcdDiscoveryProvider();
  }

  @Override
  protected URI target() {
    return URI.create(etcd.uri() + "/test/" + service);
  }

  @Override
  protected void put(Endpoint endpoint) throws Exception {
    write(endpoint.id(), new String(CODEC.value(endpoint), StandardCharsets.UTF_8));
  }

  @Override
  protected void putMalformed(String id) throws Exception {
    write(id, "nowhere");
  }

  private void write(String key, String value) throws Exception {
    etcd.ctl("put", "test/" + service + "/" + key, value);
  }

  @Override
  protected void remove(String id) throws Exception {
    etcd.ctl("del", "test/" + service + "/" + id);
  }

  @Override
  protected String threadName() {
    return "etcd";
  }

  @Test
  void start_entryInGoLayout_isFound() throws Exception {
    write("10.0.0.1:8080", "{\"Op\":0,\"Addr\":\"10.0.0.1:8080\",\"Metadata\":null}");

    try (WatchedTarget watched = watch()) {
      assertThat(watched.next(BOUND).endpoints())
          .containsExactly(Endpoint.of(HostPort.parse("10.0.0.1:8080")));
    }
  }

  @Test
  void codec_ofOnesOwn_isUsedInBothDirections() throws Exception {
    Endpoint written = instance("a", 1);
    URI registry = URI.create(etcd.uri() + "/test?codec=plain&loopback=allow");
    try (Registrar registrar = Registrars.open(registry);
        WatchedTarget watched = watchWith("codec=plain")) {
      registrar.register(service, written);

      watched.await(BOUND, result -> result.endpoints().equals(List.of(written)));
      assertThat(registrar.instances(service)).containsExactly(written);
      assertThat(etcd.ctl("get", "test/" + service + "/node/a", "--print-value-only"))
          .isEqualTo("127.0.0.1:1\n");
    }
  }

  @Test
  void start_serviceWhoseNameBeginsAlike_isAnother() throws Exception {
    put(instance("a", 1));
    etcd.ctl("put", "test/" + service + "-canary/b", "{\"Addr\":\"10.0.0.1:8080\"}");

    try (WatchedTarget watched = watch()) {
      assertThat(watched.next(BOUND).ids()).containsExactly("a");
    }
  }
}
