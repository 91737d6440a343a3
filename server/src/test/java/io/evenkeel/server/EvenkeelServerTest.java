package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import io.evenkeel.Endpoint;
import io.evenkeel.server.settings.RegistrationFailure;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.inprocess.InProcessSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EvenkeelServerTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final InetAddress LOOPBACK = InetAddresses.forString("127.0.0.1");
  private static final int FOREVER = Integer.MAX_VALUE;

  private final Gate gate = new Gate();

  @Test
  void start_portZero_takesAFreePort() throws Exception {
    try (EvenkeelServer first = Servers.builder(gate).start();
        EvenkeelServer second = Servers.builder(gate).start()) {
      assertThat(first.port()).isPositive().isNotEqualTo(second.port());
    }
  }

  @Test
  void start_portTaken_namesThePort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      EvenkeelServerBuilder builder =
          Servers.builder(gate).settings(Servers.settings().with(ServerSetting.PORT, port));

      assertThatThrownBy(builder::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(port));
    }
  }

  @Test
  void start_registrar_isToldOnlyOnceThePortIsOpen() throws Exception {
    AtomicInteger connected = new AtomicInteger();
    AtomicInteger port = new AtomicInteger(freePort());
    MemoryRegistrar registrar = new MemoryRegistrar(event -> connectTo(port.get(), connected));

    try (EvenkeelServer server =
        Servers.builder(gate)
            .settings(Servers.settings().with(ServerSetting.PORT, port.get()))
            .registrar(registrar)
            .start()) {
      server.awaitReady(BOUND);

      assertThat(connected).hasValue(1);
    }
  }

  @Test
  void start_settings_areWhatIsRegistered() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar();
    ServerSettings settings =
        Servers.settings()
            .with(ServerSetting.ID, "one")
            .with(ServerSetting.WEIGHT, 9)
            .with(ServerSetting.ZONE, "a")
            .with(ServerSetting.PRIORITY, 2)
            .with(ServerSetting.VERSION, "1.2")
            .with(ServerSetting.METADATA, Map.of("commit", "abc"));

    try (EvenkeelServer server =
        Servers.builder(gate).settings(settings).registrar(registrar).start()) {
      server.awaitReady(BOUND);

      InetSocketAddress address = new InetSocketAddress(LOOPBACK, server.port());
      assertThat(registrar.instances(Servers.NAME))
          .containsExactly(
              new Endpoint(
                  "one", List.of(address), 9, "a", 2, Map.of("version", "1.2", "commit", "abc")));
    }
  }

  @Test
  void start_noId_isCalledByItsAddress() throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start()) {
      assertThat(server.endpoint().id()).isEqualTo("127.0.0.1:" + server.port());
    }
  }

  @Test
  void start_registryDown_servesAndTriesAgain() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar().failing(2);

    try (EvenkeelServer server = Servers.builder(gate).registrar(registrar).start();
        Client client = new Client(server.port())) {
      gate.open();
      assertThat(Client.statusOf(client.pass()).isOk()).isTrue();
      server.awaitReady(BOUND);

      assertThat(registrar.instances(Servers.NAME)).hasSize(1);
    }
  }

  @Test
  void awaitReady_registryStaysDown_saysWhichAndWhy() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar().failing(FOREVER);

    try (EvenkeelServer server = Servers.builder(gate).registrar(registrar).start()) {
      assertThatThrownBy(() -> server.awaitReady(Duration.ofMillis(50)))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("MemoryRegistrar: not registered: the registry is down");
    }
  }

  @Test
  void awaitReady_oneOfTwoRegistriesDown_isReady() throws Exception {
    MemoryRegistrar down = new MemoryRegistrar().failing(FOREVER);

    try (EvenkeelServer server =
        Servers.builder(gate).registrar(down).registrar(new MemoryRegistrar()).start()) {
      server.awaitReady(BOUND);

      assertThat(server.state()).isEqualTo(ServerState.SERVING);
    }
  }

  @Test
  void start_registryDownAndFatal_failsAndClosesThePort() throws Exception {
    int port = freePort();
    AtomicInteger closed = new AtomicInteger();
    EvenkeelServerBuilder builder =
        Servers.builder(gate)
            .settings(
                Servers.settings()
                    .with(ServerSetting.PORT, port)
                    .with(ServerSetting.REGISTRATION_FAILURE, RegistrationFailure.FAIL))
            .registrar(new MemoryRegistrar().failing(FOREVER))
            .closeAfterwards(closed::incrementAndGet);

    assertThatThrownBy(builder::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the registry is down");
    assertThat(Eventually.holds(() -> isFree(port))).isTrue();
    assertThat(closed).hasValue(1);
  }

  @Test
  void start_registryOfUnknownScheme_failsBeforeAnythingOpens() {
    EvenkeelServerBuilder builder =
        Servers.builder(gate)
            .settings(
                Servers.settings()
                    .with(ServerSetting.REGISTRY, List.of(URI.create("nowhere://host"))));

    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere://host");
  }

  @Test
  void start_wildcardAdvertised_isRefused() {
    EvenkeelServerBuilder builder =
        Servers.builder(gate).settings(Servers.settings().with(ServerSetting.ADVERTISE, "0.0.0.0"));

    assertThatThrownBy(builder::start).hasMessageContaining("advertise: \"0.0.0.0\"");
  }

  @Test
  void start_noCredentialsChosen_asksForAChoice() {
    EvenkeelServerBuilder builder = EvenkeelServer.builder(Servers.NAME);

    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("plaintext()");
  }

  @Test
  void start_overATransportWithoutPorts_registersItsOwnAddress() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar();

    try (EvenkeelServer server =
        EvenkeelServer.builder(Servers.NAME)
            .settings(Servers.settings())
            .over(InProcessServerBuilder.forName("in-process"))
            .registrar(registrar)
            .start()) {
      server.awaitReady(BOUND);

      assertThat(registrar.instances(Servers.NAME).get(0).addresses())
          .containsExactly(new InProcessSocketAddress("in-process"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", Gate.SERVICE, Servers.NAME})
  void healthCheck_everyNameOfTheServer_isServing(String name) throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start();
        Client client = new Client(server.port())) {
      var health =
          HealthGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .check(HealthCheckRequest.newBuilder().setService(name).build());

      assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void close_registered_deregisters() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar();
    EvenkeelServer server = Servers.builder(gate).registrar(registrar).start();
    server.awaitReady(BOUND);

    server.close();

    assertThat(registrar.instances(Servers.NAME)).isEmpty();
    assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
  }

  @Test
  void close_borrowedRegistrar_staysOpen() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar();
    EvenkeelServer server = Servers.builder(gate).registrar(registrar).start();

    server.close();

    assertThat(registrar.closings()).isZero();
  }

  @Test
  void close_neverRegistered_endsTheAttempts() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar().failing(FOREVER);
    EvenkeelServer server = Servers.builder(gate).registrar(registrar).start();

    server.close();
    registrar.recover();

    assertThat(threadsNamed("evenkeel-registration")).isZero();
    assertThat(registrar.instances(Servers.NAME)).isEmpty();
  }

  @Test
  void close_twice_stopsOnce() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    EvenkeelServer server = Servers.builder(gate).closeAfterwards(closed::incrementAndGet).start();

    server.close();
    server.close();

    assertThat(closed).hasValue(1);
  }

  @Test
  void closeAfterwards_throws_restIsClosedAllTheSame() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    EvenkeelServer server =
        Servers.builder(gate)
            .closeAfterwards(
                () -> {
                  throw new IllegalStateException("told to throw");
                })
            .closeAfterwards(closed::incrementAndGet)
            .start();

    server.close();

    assertThat(closed).hasValue(1);
    assertThat(server.awaitTermination(Duration.ZERO)).isTrue();
  }

  @Test
  void close_hundredStartsAndStops_leaveNoThread() throws Exception {
    for (int i = 0; i < 100; i++) {
      EvenkeelServer server =
          Servers.builder(gate).registrar(new MemoryRegistrar()).stopOnSignal().start();
      server.awaitReady(BOUND);
      server.close();
    }

    // Clients in other tests keep those of discovery for another few seconds.
    assertThat(Eventually.holds(() -> threadsNamed("evenkeel-") == 0)).isTrue();
    assertThat(Eventually.holds(() -> threadsNamed("HTTP-Dispatcher") == 0)).isTrue();
  }

  @Test
  void call_unknownMethod_isUnimplementedAndNotCounted() throws Exception {
    try (EvenkeelServer server =
            EvenkeelServer.builder(Servers.NAME).settings(Servers.settings()).plaintext().start();
        Client client = new Client(server.port())) {
      Status status = Client.statusOf(client.pass());

      assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(server.callsInFlight()).isZero();
    }
  }

  private static void connectTo(int port, AtomicInteger connected) {
    try (Socket socket = new Socket(LOOPBACK, port)) {
      connected.addAndGet(socket.isConnected() ? 1 : 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static long threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }
}
