package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to a real Consul while somebody watches and registers. Each test has its own. */
@RequiresServer("consul")
@Timeout(240)
class ConsulFaultsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint INSTANCE = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");

  @TempDir private Path directory;
  private ConsulServer consul;
  private Registrar registrar;

  @BeforeEach
  void start() throws Exception {
    consul = ConsulServer.start(directory);
    registrar = Registrars.open(URI.create(consul.uri() + "?ttl=1s"));
  }

  @AfterEach
  void stop() {
    registrar.close();
    consul.close();
  }

  @Test
  void restart_allDataLost_instancesAreRegisteredAgainAndSeen() throws Exception {
    registrar.register("orders", INSTANCE).update(INSTANCE.withWeight(7));
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().await(BOUND, "a");

      consul.kill();
      String error = watching.seen().awaitError(BOUND).getDescription();
      consul.launch();
      consul.awaitServing();

      assertThat(error).startsWith("consul at " + consul.address()).contains("Connection refused");
      assertThat(awaitAsking(watching).endpoints()).containsExactly(INSTANCE.withWeight(7));
    }
  }

  /** The set with the instance, for which somebody asks again and again. */
  private static EndpointSet awaitAsking(WatchedDiscovery watching) throws Exception {
    return Await.until(
        BOUND,
        () -> {
          watching.refresh();
          return watching.seen().nextSetIfAny(Duration.ofMillis(200));
        },
        set -> set != null && !set.endpoints().isEmpty());
  }

  @Test
  void update_whileConsulIsDown_throwsAndIsWhatIsRegisteredAfterwards() throws Exception {
    Registration registration = registrar.register("orders", INSTANCE);
    consul.kill();

    assertThatThrownBy(() -> registration.update(INSTANCE.withWeight(7)))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("consul at " + consul.address());
    consul.launch();
    consul.awaitServing();

    Await.until(BOUND, this::listed, List.of(INSTANCE.withWeight(7))::equals);
  }

  @Test
  void paused_watchAndRegistration_goOnAfterwards() throws Exception {
    registrar.register("orders", INSTANCE);
    Manner hasty = Manner.PLAIN.withAnswerTimeout(Duration.ofSeconds(1));
    try (WatchedDiscovery watching = hasty.watch(consul.address())) {
      watching.seen().await(BOUND, "a");

      consul.process().pause();
      watching.refresh();
      String error = watching.seen().awaitError(BOUND).getDescription();
      assertThatThrownBy(() -> registrar.register("orders", INSTANCE.withId("b")))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining("no answer within");
      consul.process().resume();

      assertThat(error).contains("no answer within 1000 ms");
      Await.until(BOUND, this::listed, List.of(INSTANCE)::equals);
      awaitAsking(watching);
    }
  }

  @Test
  void down_atTheStart_worksOnceItIsUp() throws Exception {
    consul.kill();
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().nextError(BOUND);
      assertThatThrownBy(() -> registrar.register("orders", INSTANCE))
          .isInstanceOf(RegistrationException.class);

      consul.launch();
      consul.awaitServing();
      registrar.register("orders", INSTANCE);

      awaitAsking(watching);
    }
  }

  private List<Endpoint> listed() {
    try {
      return registrar.instances("orders");
    } catch (RegistrationException away) {
      return List.of();
    }
  }
}
