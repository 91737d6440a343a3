package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.process.EtcdServer;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** etcd dies, hangs, comes back with its data or without, while an instance is registered. */
@RequiresServer({"etcd", "etcdctl"})
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class EtcdRegistrationOutageTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** Longer than a lease lasts that nobody renews. */
  private static final Duration PAST_TTL = TTL.plusSeconds(1);

  /** One TTL, and what a busy machine may take on top. */
  private static final Duration AGAIN = TTL.plusSeconds(8);

  private static final Endpoint INSTANCE = Endpoint.of(HostPort.parse("10.0.0.1:8080")).withId("a");
  private static final List<Endpoint> LISTED = List.of(INSTANCE);

  @TempDir private Path directory;
  private EtcdServer etcd;
  private Registrar registrar;
  private Registrar observer;

  @BeforeEach
  void start() throws Exception {
    etcd = EtcdServer.start(directory);
    registrar = Registrars.open(registry());
    observer = Registrars.open(registry());
  }

  @AfterEach
  void stop() {
    registrar.close();
    observer.close();
    etcd.close();
  }

  private URI registry() {
    return URI.create(etcd.uri() + "?ttl=2s");
  }

  @Test
  void etcd_isKilledForATtlAndKeepsItsData_listsTheInstanceAgainWithinATtl() throws Exception {
    registrar.register("orders", INSTANCE);

    etcd.kill();
    awaitOutage(PAST_TTL);
    etcd.launch();
    etcd.awaitServing();

    Await.until(AGAIN, this::listed, LISTED::equals);
    Await.always(PAST_TTL, this::listed, LISTED::equals);
  }

  @Test
  void etcd_comesBackEmpty_listsTheInstanceAgainWithinATtl() throws Exception {
    registrar.register("orders", INSTANCE);

    etcd.kill();
    etcd.deleteData();
    etcd.launch();
    etcd.awaitServing();

    Await.until(AGAIN, this::listed, LISTED::equals);
    Await.always(PAST_TTL, this::listed, LISTED::equals);
  }

  @Test
  void etcd_hangsForATtl_listsTheInstanceAgainWithinATtl() throws Exception {
    registrar.register("orders", INSTANCE);

    etcd.process().pause();
    awaitOutage(PAST_TTL);
    etcd.process().resume();
    // What is listed at first may be the old entry, whose lease etcd ends only now.
    awaitOutage(PAST_TTL);

    Await.always(PAST_TTL, this::listed, LISTED::equals);
  }

  @Test
  void update_whileEtcdIsDown_throwsAndIsWhatIsRegisteredAfterwards() throws Exception {
    Registration registration = registrar.register("orders", INSTANCE);
    etcd.kill();

    assertThatThrownBy(() -> registration.update(INSTANCE.withWeight(7)))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("etcd at " + etcd.address());
    etcd.deleteData();
    etcd.launch();
    etcd.awaitServing();

    Await.until(AGAIN, this::listed, List.of(INSTANCE.withWeight(7))::equals);
  }

  @Test
  void register_etcdIsDown_throwsAndWorksOnceItIsUp() throws Exception {
    etcd.kill();

    assertThatThrownBy(() -> registrar.register("orders", INSTANCE))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("etcd at " + etcd.address());
    etcd.launch();
    etcd.awaitServing();
    registrar.register("orders", INSTANCE);

    assertThat(listed()).isEqualTo(LISTED);
  }

  @Test
  void register_etcdHangs_throwsWithinTheBound() throws Exception {
    etcd.process().pause();

    assertThatThrownBy(() -> registrar.register("orders", INSTANCE))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("no answer within");
  }

  @Test
  void close_etcdHangs_returnsAndTheLeaseEndsTheInstance() throws Exception {
    Registration registration = registrar.register("orders", INSTANCE);
    etcd.process().pause();

    registration.close();
    registrar.close();
    etcd.process().resume();

    Await.until(BOUND, this::listed, List::isEmpty);
  }

  private List<Endpoint> listed() {
    try {
      return observer.instances("orders");
    } catch (RegistrationException unreachable) {
      return List.of();
    }
  }

  /** Lets {@code duration} pass, in which there is nothing to wait for but time. */
  private void awaitOutage(Duration duration) throws Exception {
    Await.always(duration, () -> 0, away -> true);
  }
}
