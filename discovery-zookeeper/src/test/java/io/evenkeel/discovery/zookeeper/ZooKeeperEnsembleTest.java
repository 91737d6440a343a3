package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.Targets;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.ZooKeeperServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members, of which one is lost. */
class ZooKeeperEnsembleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint A = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");

  @TempDir private Path directory;
  private List<ZooKeeperServer> members;

  @BeforeEach
  void startEnsemble() throws Exception {
    members = ZooKeeperServer.startEnsemble(directory, 3);
  }

  @AfterEach
  void stopEnsemble() {
    members.forEach(ZooKeeperServer::close);
  }

  @Test
  void leader_killed_changesAreMadeAndSeenOverTheOthers() throws Exception {
    try (Registrar registrar = Registrars.open(uri("?ttl=4s"));
        WatchedTarget watched =
            new WatchedTarget(new ZooKeeperDiscoveryProvider(), uri("/orders"))) {
      Registration registration = registrar.register("orders", A);
      watched.await(BOUND, result -> result.ids().equals(List.of("a")));
      ZooKeeperServer leader =
          members.stream().filter(ZooKeeperServer::isLeader).findFirst().orElseThrow();

      leader.kill();
      Await.until(BOUND, () -> updated(registration, A.withWeight(7)), done -> done);

      watched.await(BOUND, result -> result.endpoints().equals(List.of(A.withWeight(7))));
      assertThat(registrar.instances("orders")).containsExactly(A.withWeight(7));
    }
  }

  private static boolean updated(Registration registration, Endpoint endpoint) {
    try {
      registration.update(endpoint);
      return true;
    } catch (RegistrationException noLeaderYet) {
      return false;
    }
  }

  private URI uri(String rest) {
    return URI.create(
        Targets.escape(
            members.stream()
                .map(ZooKeeperServer::address)
                .collect(Collectors.joining(",", "zookeeper://", "/services" + rest))));
  }
}
