package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.zookeeper.CuratorCodec.PortChoice;
import io.evenkeel.testkit.DiscoveryContract;
import io.evenkeel.testkit.WatchedTarget;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperDiscoveryTest extends DiscoveryContract {
  private static final CuratorCodec CODEC = new CuratorCodec(PortChoice.PLAIN);
  @AutoClose private static OperatedZooKeeper zookeeper;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = OperatedZooKeeper.start(directory);
  }

  @Override
  protected NameResolverProvider provider() {
    return new ZooKeeperDiscoveryProvider();
  }

  @Override
  protected URI target() {
    return URI.create(zookeeper.server().uri() + "/test/services/" + service);
  }

  @Override
  protected void put(Endpoint endpoint) throws Exception {
    byte[] value = CODEC.value(service, endpoint, 1);
    zookeeper.shell().put(node(endpoint.id()), new String(value, StandardCharsets.UTF_8));
  }

  @Override
  protected void putMalformed(String id) throws Exception {
    zookeeper.shell().put(node(id), "nowhere");
  }

  @Override
  protected void remove(String id) throws Exception {
    zookeeper.shell().delete(node(id));
  }

  private String node(String id) {
    return "/test/services/" + service + "/" + NodeNames.of(id);
  }

  @Override
  protected String threadName() {
    return "evenkeel-zookeeper";
  }

  @Test
  void remove_serviceItself_isSeenWhenItIsMadeAgain() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);
      zookeeper.shell().delete("/test/services/" + service);

      put(instance("b", 2));

      watched.await(BOUND, result -> result.ids().equals(List.of("b")));
    }
  }

  @Test
  void start_serviceWhoseNameBeginsAlike_isAnother() throws Exception {
    put(instance("a", 1));
    zookeeper
        .shell()
        .put("/test/services/" + service + "-canary/b", "{\"address\":\"10.0.0.1\",\"port\":1}");

    try (WatchedTarget watched = watch()) {
      assertThat(watched.next(BOUND).ids()).containsExactly("a");
    }
  }

  @Test
  void put_disabledOverGood_leavesItOutWithoutAProblem() throws Exception {
    put(instance("a", 1));
    put(instance("b", 2));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      zookeeper
          .shell()
          .put(node("a"), "{\"id\":\"a\",\"address\":\"127.0.0.1\",\"port\":1,\"enabled\":false}");

      watched.await(BOUND, result -> result.ids().equals(List.of("b")));
      assertThat(watched.status().snapshot().skipped()).isZero();
    }
  }

  @Test
  void start_sslPortIsPreferred_isUsedWhereThereIsOne() throws Exception {
    zookeeper.shell().put(node("a"), "{\"address\":\"10.0.0.1\",\"port\":80,\"sslPort\":443}");
    zookeeper.shell().put(node("b"), "{\"address\":\"10.0.0.2\",\"port\":80,\"sslPort\":null}");

    try (WatchedTarget watched = watchWith("sslPort=true")) {
      assertThat(watched.next(BOUND).endpoints())
          .containsExactly(
              Endpoint.of(HostPort.parse("10.0.0.1:443")).withId("a"),
              Endpoint.of(HostPort.parse("10.0.0.2:80")).withId("b"));
    }
  }
}
