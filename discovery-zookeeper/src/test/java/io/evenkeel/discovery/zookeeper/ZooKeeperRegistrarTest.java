package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.ServerRegistrationContract;
import io.evenkeel.testkit.process.RegistryServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperRegistrarTest extends ServerRegistrationContract {
  @AutoClose private static OperatedZooKeeper zookeeper;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = OperatedZooKeeper.start(directory);
  }

  @Override
  protected RegistryServer server() {
    return zookeeper.server();
  }

  @Override
  protected String path() {
    return "/" + testName;
  }

  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void lose(String service, String id) throws Exception {
    zookeeper.shell().delete(node(service, id));
  }

  /** In no session. */
  @Override
  protected String putUnheld() throws Exception {
    zookeeper.shell().put(node(SERVICE, "a"), "{\"address\":\"127.0.0.1\",\"port\":1}");
    return "a";
  }

  @Override
  protected String threadName() {
    return "evenkeel-zookeeper";
  }

  @Override
  protected String secretVariable() {
    return "EVENKEEL_ZOOKEEPER_PASSWORD";
  }

  @Test
  void deregister_instanceOfAnotherRegistrar_leavesItsOtherInstances() throws Exception {
    Registrar owner = open();
    owner.register(SERVICE, instance("a", 1));
    owner.register(SERVICE, instance("b", 2));

    open().deregister(SERVICE, "a");

    List<Endpoint> left = List.of(instance("b", 2));
    Await.always(ttl().multipliedBy(2), () -> owner.instances(SERVICE), left::equals);
  }

  @Test
  void instances_nodesOfOthers_areLeftOut() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1));
    zookeeper.shell().put(node(SERVICE, "b"), "nowhere");
    zookeeper.shell().put(path() + "/.hidden/c", "{\"address\":\"127.0.0.1\",\"port\":1}");
    zookeeper.shell().put(path() + "/lonely", "{\"address\":\"127.0.0.1\",\"port\":1}");
    zookeeper.shell().put(path() + "/settings/timeout", "10");

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a", 1));
    assertThat(registrar.services()).containsExactly(SERVICE);
  }

  private String node(String service, String id) {
    return path() + "/" + service + "/" + NodeNames.of(id);
  }
}
