package io.evenkeel.discovery.zookeeper;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.ZooKeeperServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ZooKeeper that each test may break as it likes, and two registrars. The tests stand in several
 * classes, by the kind of fault, because they wait nearly all the time: so they wait side by side.
 */
@Timeout(240)
abstract class ZooKeeperFaults {
  static final Duration TTL = Duration.ofSeconds(2);
  static final Duration BOUND = Duration.ofSeconds(60);

  /** Longer than a session lasts that nobody keeps alive: ZooKeeper counts in ticks of 0.5 s. */
  static final Duration PAST_TTL = TTL.plusSeconds(1);

  static final Endpoint A = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");
  static final Endpoint B = Endpoint.of(HostPort.parse("10.0.0.2:80")).withId("b");

  @TempDir Path directory;
  ZooKeeperServer zookeeper;
  Registrar registrar;
  Registrar observer;

  @BeforeEach
  void start() throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
    registrar = Registrars.open(URI.create(uri() + "?ttl=2s"));
    observer = Registrars.open(URI.create(uri() + "?ttl=2s"));
  }

  @AfterEach
  void stop() throws Exception {
    if (zookeeper.process().isAlive()) {
      zookeeper.process().resume();
    }
    registrar.close();
    observer.close();
    zookeeper.close();
  }

  final String uri() {
    return zookeeper.uri() + "/services";
  }

  /** What the observer finds; nothing where it finds no server. */
  final List<Endpoint> listed() {
    try {
      return observer.instances("orders");
    } catch (RegistrationException unreachable) {
      return List.of();
    }
  }

  final WatchedTarget watch() {
    return watch(uri() + "/orders?maxDrop=100%25");
  }

  static WatchedTarget watch(String target) {
    return new WatchedTarget(new ZooKeeperDiscoveryProvider(), URI.create(target));
  }
}
