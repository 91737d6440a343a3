package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.RegistrationContract;
import io.evenkeel.testkit.process.ZooKeeperServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZooKeeperRegistrarTest extends RegistrationContract {
  private static final AtomicInteger tests = new AtomicInteger();
  private static ZooKeeperServer zookeeper;
  private static ZooKeeperShell shell;

  private String path;

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
    shell = new ZooKeeperShell(zookeeper);
  }

  @AfterAll
  static void stopServer() {
    shell.close();
    zookeeper.close();
  }

  @BeforeEach
  void choosePath() {
    path = "/test-" + tests.incrementAndGet();
  }

  @Override
  protected URI registry() {
    return URI.create("zookeeper://" + zookeeper.address() + path + "?ttl=1s&loopback=allow");
  }

  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void lose(String service, String id) throws Exception {
    shell.delete(node(service, id));
  }

  @Override
  protected String threadName() {
    return "evenkeel-zookeeper";
  }

  @Test
  void register_loopbackNotAllowed_isRefused() {
    try (Registrar strict = Registrars.open(URI.create("zookeeper://" + zookeeper.address()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> strict.register(SERVICE, instance("a", 1)))
          .withMessageContaining("not loopback; ?loopback=allow");
    }
  }

  @Test
  void deregister_nodeWithoutASession_removesIt() throws Exception {
    shell.put(node(SERVICE, "a"), "{\"address\":\"127.0.0.1\",\"port\":1}");

    boolean removed = open().deregister(SERVICE, "a");

    assertThat(removed).isTrue();
    assertThat(open().instances(SERVICE)).isEmpty();
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
    shell.put(node(SERVICE, "b"), "nowhere");
    shell.put(path + "/.hidden/c", "{\"address\":\"127.0.0.1\",\"port\":1}");
    shell.put(path + "/lonely", "{\"address\":\"127.0.0.1\",\"port\":1}");
    shell.put(path + "/settings/timeout", "10");

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a", 1));
    assertThat(registrar.services()).containsExactly(SERVICE);
  }

  @ParameterizedTest
  @CsvSource({
    "ttl=500ms, ttl",
    "ttl=2h, ttl",
    "loopback=yes, allow or refuse",
    "ttll=10s, did you mean \"ttl\"",
  })
  void open_wrongSetting_isRefused(String query, String message) {
    URI registry = URI.create("zookeeper://127.0.0.1:1/x?" + query);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registrars.open(registry))
        .withMessageContaining(message);
  }

  @Test
  void open_passwordInTheUri_isRefusedWithoutShowingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registrars.open(URI.create("zookeeper://root:secret@127.0.0.1:1/x")))
        .withMessageContaining("EVENKEEL_ZOOKEEPER_PASSWORD")
        .withMessageNotContaining("secret");
  }

  private String node(String service, String id) {
    return path + "/" + service + "/" + NodeNames.of(id);
  }
}
