package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.ServiceType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that use Curator's own discovery, and ours, in one registry. */
class ZooKeeperCuratorTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint OURS = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");

  @AutoClose private static OperatedZooKeeper zookeeper;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = OperatedZooKeeper.start(directory);
  }

  @Test
  void curator_registersChangesAndLeaves_isSeen() throws Exception {
    try (ServiceDiscovery<Object> curator = curator(Object.class, "/a/services");
        WatchedTarget watched = watch("/a/services/orders?maxDrop=100%25")) {
      curator.registerService(theirs(8080, Map.of("weight", 5, "zone", "z1")));
      Endpoint expected =
          Endpoint.of(HostPort.parse("10.0.0.2:8080"))
              .withId("theirs")
              .withWeight(5)
              .withZone("z1");
      watched.await(BOUND, result -> result.endpoints().equals(List.of(expected)));

      curator.updateService(theirs(8081, Map.of()));
      Endpoint moved = Endpoint.of(HostPort.parse("10.0.0.2:8081")).withId("theirs");
      watched.await(BOUND, result -> result.endpoints().equals(List.of(moved)));

      try (Registrar registrar = registrar("/a/services")) {
        registrar.register("orders", OURS);
        watched.await(BOUND, result -> result.ids().equals(List.of("a", "theirs")));
        curator.unregisterService(theirs(8081, Map.of()));
        watched.await(BOUND, result -> result.ids().equals(List.of("a")));
        assertThat(registrar.services()).containsExactly("orders");
      }
    }
  }

  @Test
  void curator_looksForOurs_findsPlainOnesWhateverPayloadItExpects() throws Exception {
    try (ServiceDiscovery<Void> curator = curator(Void.class, "/b/services");
        Registrar registrar = registrar("/b/services")) {
      registrar.register("orders", OURS);

      Collection<ServiceInstance<Void>> found = curator.queryForInstances("orders");

      assertThat(found)
          .singleElement()
          .satisfies(
              instance -> {
                assertThat(instance.getId()).isEqualTo("a");
                assertThat(instance.getAddress()).isEqualTo("10.0.0.1");
                assertThat(instance.getPort()).isEqualTo(80);
                assertThat(instance.isEnabled()).isTrue();
              });
      assertThat(curator.queryForNames()).containsExactly("orders");
    }
  }

  @Test
  void curator_cachesOurs_seesThemChangeAndLeave() throws Exception {
    try (ServiceDiscovery<Object> curator = curator(Object.class, "/c/services");
        ServiceCache<Object> cache = curator.serviceCacheBuilder().name("orders").build();
        Registrar registrar = registrar("/c/services")) {
      cache.start();
      registrar.register("orders", OURS.withWeight(5)).update(OURS.withWeight(7).withZone("z1"));

      Await.until(
          BOUND,
          cache::getInstances,
          instances ->
              instances.size() == 1
                  && Map.of("weight", 7, "zone", "z1").equals(instances.get(0).getPayload()));
      registrar.deregister("orders", "a");

      Await.until(BOUND, cache::getInstances, List::isEmpty);
    }
  }

  /** ZooKeeper adds a number to the names of such nodes, so none is called what its instance is. */
  @Test
  void curator_registersASequentialNode_isFoundListedAndDeregistered() throws Exception {
    ServiceInstance<Object> instance =
        ServiceInstance.builder()
            .name("orders")
            .id("theirs")
            .address("10.0.0.2")
            .port(8080)
            .serviceType(ServiceType.DYNAMIC_SEQUENTIAL)
            .build();
    Endpoint expected = Endpoint.of(HostPort.parse("10.0.0.2:8080")).withId("theirs");
    try (ServiceDiscovery<Object> curator = curator(Object.class, "/d/services");
        WatchedTarget watched = watch("/d/services/orders?maxDrop=100%25");
        Registrar registrar = registrar("/d/services")) {
      registrar.register("orders", OURS);
      curator.registerService(instance);
      watched.await(BOUND, result -> result.endpoints().equals(List.of(OURS, expected)));
      assertThat(registrar.instances("orders")).containsExactly(OURS, expected);

      assertThat(registrar.deregister("orders", "theirs")).isTrue();

      watched.await(BOUND, result -> result.endpoints().equals(List.of(OURS)));
      assertThat(registrar.deregister("orders", "theirs")).isFalse();
    }
  }

  private static <T> ServiceDiscovery<T> curator(Class<T> payload, String base) throws Exception {
    ServiceDiscovery<T> discovery =
        ServiceDiscoveryBuilder.builder(payload)
            .client(zookeeper.shell().curator())
            .basePath(base)
            .build();
    discovery.start();
    return discovery;
  }

  private static ServiceInstance<Object> theirs(int port, Map<String, Object> payload)
      throws Exception {
    return ServiceInstance.builder()
        .name("orders")
        .id("theirs")
        .address("10.0.0.2")
        .port(port)
        .payload(payload)
        .build();
  }

  private static Registrar registrar(String path) {
    return Registrars.open(URI.create(zookeeper.server().uri() + path));
  }

  private static WatchedTarget watch(String path) {
    return new WatchedTarget(
        new ZooKeeperDiscoveryProvider(), URI.create(zookeeper.server().uri() + path));
  }
}
