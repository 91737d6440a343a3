package io.evenkeel.discovery.etcd;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members of etcd, of which some are lost. */
@RequiresServer({"etcd", "etcdctl"})
@Timeout(240)
class EtcdRegistrationClusterTest {
  private static final Duration TTL = Duration.ofSeconds(2);

  /** Longer than a lease lasts that nobody renews. */
  private static final Duration PAST_TTL = TTL.plusSeconds(1);

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint INSTANCE = Endpoint.of(HostPort.parse("10.0.0.1:8080")).withId("a");
  private static final List<Endpoint> LISTED = List.of(INSTANCE);

  @TempDir private Path directory;
  private List<EtcdServer> members;
  private Registrar registrar;
  private Registrar observer;

  @BeforeEach
  void start() throws Exception {
    members = EtcdServer.startCluster(directory, 3);
    registrar = Registrars.open(registry());
    observer = Registrars.open(registry());
    registrar.register("orders", INSTANCE);
  }

  @AfterEach
  void stop() {
    registrar.close();
    observer.close();
    members.forEach(EtcdServer::close);
  }

  @Test
  void leader_isKilled_instanceStaysRegistered() throws Exception {
    EtcdServer.leaderOf(members).kill();

    Await.until(BOUND, this::listed, LISTED::equals);
    Await.always(PAST_TTL, this::listedOrLast, LISTED::equals);
  }

  @Test
  void leader_hangs_instanceIsRegisteredSoonAndStays() throws Exception {
    EtcdServer leader = EtcdServer.leaderOf(members);
    leader.process().pause();

    Await.until(BOUND, this::listed, LISTED::equals);
    leader.process().resume();

    Await.until(BOUND, this::listed, LISTED::equals);
    Await.always(PAST_TTL, this::listedOrLast, LISTED::equals);
  }

  @Test
  void majority_isLostAndReturns_instanceIsRegisteredAgain() throws Exception {
    members.get(0).kill();
    members.get(1).kill();
    Await.until(BOUND, this::listed, List.<Endpoint>of()::equals);

    members.get(0).launch();
    members.get(1).launch();

    Await.until(BOUND, this::listed, LISTED::equals);
  }

  private URI registry() {
    String addresses = members.stream().map(EtcdServer::address).collect(Collectors.joining(","));
    return URI.create("etcd://" + addresses + "?ttl=2s");
  }

  /** What etcd says; nothing if it does not answer. */
  private List<Endpoint> listed() {
    try {
      return observer.instances("orders");
    } catch (RegistrationException noAnswer) {
      return List.of();
    }
  }

  /** What etcd says; that all is well if it does not answer, as while it elects a leader. */
  private List<Endpoint> listedOrLast() {
    try {
      return observer.instances("orders");
    } catch (RegistrationException noAnswer) {
      return LISTED;
    }
  }
}
