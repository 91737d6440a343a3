package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OrderlyStopTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration BRIEF = Duration.ofMillis(50);

  private final Gate gate = new Gate();
  private final CountDownLatch registryHangs = new CountDownLatch(1);

  @AfterEach
  void letTheRegistryGo() {
    registryHangs.countDown();
  }

  @Test
  void close_watchedServer_saysNotServingThenLeavesThenEnds() throws Exception {
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    WatchedHealth health = new WatchedHealth(events);
    MemoryRegistrar registrar =
        new MemoryRegistrar(
            event -> {
              // The registry hears of it only after clients have, so this wait cannot be in vain.
              awaitUninterruptibly(event.equals("deregister") ? health.notServing : health.serving);
              events.add(event);
            });
    EvenkeelServer server =
        Servers.builder(gate).settings(longDelays()).registrar(registrar).start();
    try (Client client = new Client(server.port())) {
      HealthGrpc.newStub(client.channel()).watch(HealthCheckRequest.getDefaultInstance(), health);
      server.awaitReady(BOUND);

      server.close();

      assertThat(health.ended.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events)
          .containsExactly("SERVING", "register", "NOT_SERVING", "deregister", "watch ended");
    }
  }

  @Test
  void close_duringTheDelay_newCallsAreStillServed() throws Exception {
    gate.open();
    CountDownLatch left = new CountDownLatch(1);
    ServerSettings settings = Servers.settings().with(ServerSetting.DRAIN_DELAY, LONG);
    EvenkeelServer server =
        Servers.builder(gate)
            .settings(settings)
            .registrar(new MemoryRegistrar())
            .reportStop(step -> countDownOn("waits for clients", step, left))
            .start();
    Thread stopping = closeInBackground(server);
    try (Client client = new Client(server.port())) {
      assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();

      Status status = Client.statusOf(client.pass());

      assertThat(status.isOk()).isTrue();
      assertThat(server.state()).isEqualTo(ServerState.DRAINING);
    } finally {
      stopping.interrupt();
    }
    assertThat(server.awaitTermination(BOUND)).isTrue();
  }

  @Test
  void close_runningCall_finishesIt() throws Exception {
    CountDownLatch finishing = new CountDownLatch(1);
    EvenkeelServer server =
        Servers.builder(gate)
            .reportStop(step -> countDownOn("finishes 1 running calls", step, finishing))
            .start();
    try (Client client = new Client(server.port())) {
      ListenableFuture<String> call = client.pass();
      assertThat(gate.awaitArrivals(1)).isTrue();
      Thread stopping = closeInBackground(server);
      assertThat(finishing.await(30, TimeUnit.SECONDS)).isTrue();

      gate.release();

      assertThat(Client.statusOf(call).isOk()).isTrue();
      stopping.join(BOUND.toMillis());
      assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
    }
  }

  @Test
  void close_hungCall_isCutOffAtTheBound() throws Exception {
    ServerSettings settings = Servers.settings().with(ServerSetting.DRAIN_TIMEOUT, BRIEF);
    EvenkeelServer server = Servers.builder(gate).settings(settings).start();
    try (Client client = new Client(server.port())) {
      ListenableFuture<String> call = client.pass();
      assertThat(gate.awaitArrivals(1)).isTrue();

      server.close();

      assertThat(Client.statusOf(call).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      // The transport ends before the call's own thread has heard of it.
      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void close_openHealthWatch_isNotWaitedFor() throws Exception {
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    WatchedHealth health = new WatchedHealth(Collections.synchronizedList(new ArrayList<>()));
    ServerSettings settings = Servers.settings().with(ServerSetting.DRAIN_TIMEOUT, LONG);
    EvenkeelServer server = Servers.builder(gate).settings(settings).reportStop(steps::add).start();
    try (Client client = new Client(server.port())) {
      HealthGrpc.newStub(client.channel()).watch(HealthCheckRequest.getDefaultInstance(), health);
      assertThat(health.serving.await(30, TimeUnit.SECONDS)).isTrue();

      server.close();

      assertThat(steps).noneMatch(step -> step.contains("cuts off"));
      assertThat(health.ended.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void close_registryThatHangs_isLeftAtTheBound() throws Exception {
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    MemoryRegistrar hanging =
        new MemoryRegistrar(
            event -> {
              if (event.equals("deregister")) {
                awaitUninterruptibly(registryHangs);
              }
            });
    ServerSettings settings = Servers.settings().with(ServerSetting.REGISTRATION_TIMEOUT, BRIEF);
    EvenkeelServer server =
        Servers.builder(gate).settings(settings).registrar(hanging).reportStop(steps::add).start();
    server.awaitReady(BOUND);

    server.close();

    assertThat(steps).anyMatch(step -> step.contains("has not confirmed"));
    assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
  }

  @Test
  void close_registryThatThrows_isNoObstacle() throws Exception {
    MemoryRegistrar throwing =
        new MemoryRegistrar(
            event -> {
              if (event.equals("deregister")) {
                throw new IllegalStateException("told to throw");
              }
            });
    EvenkeelServer server = Servers.builder(gate).registrar(throwing).start();
    server.awaitReady(BOUND);

    server.close();

    assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
  }

  @Test
  void close_reporterThatThrows_isNoObstacle() throws Exception {
    EvenkeelServer server =
        Servers.builder(gate)
            .reportStop(
                step -> {
                  throw new IllegalStateException("told to throw");
                })
            .start();

    server.close();

    assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
  }

  @Test
  void close_interrupted_skipsTheWaitsAndKeepsTheInterrupt() throws Exception {
    ServerSettings settings = Servers.settings().with(ServerSetting.DRAIN_DELAY, LONG);
    EvenkeelServer server = Servers.builder(gate).settings(settings).start();

    Thread.currentThread().interrupt();
    server.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
  }

  @Test
  void close_fromTwoThreads_bothReturnOnceItIsDone() throws Exception {
    EvenkeelServer server = Servers.builder(gate).start();
    Thread other = closeInBackground(server);

    server.close();

    assertThat(server.state()).isEqualTo(ServerState.TERMINATED);
    other.join(BOUND.toMillis());
    assertThat(other.isAlive()).isFalse();
  }

  private static ServerSettings longDelays() {
    return Servers.settings()
        .with(ServerSetting.REGISTRATION_TIMEOUT, LONG)
        .with(ServerSetting.DRAIN_TIMEOUT, LONG);
  }

  private static Thread closeInBackground(EvenkeelServer server) {
    Thread thread = new Thread(server::close, "test-close");
    thread.start();
    return thread;
  }

  private static void countDownOn(String words, String step, CountDownLatch latch) {
    if (step.contains(words)) {
      latch.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(BOUND.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("nothing happened");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Records what a client that watches the health hears. */
  private static final class WatchedHealth implements StreamObserver<HealthCheckResponse> {
    final CountDownLatch serving = new CountDownLatch(1);
    final CountDownLatch notServing = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    private final List<String> events;

    WatchedHealth(List<String> events) {
      this.events = events;
    }

    @Override
    public void onNext(HealthCheckResponse response) {
      events.add(response.getStatus().name());
      switch (response.getStatus()) {
        case SERVING -> serving.countDown();
        case NOT_SERVING -> notServing.countDown();
        default -> events.add("unexpected");
      }
    }

    @Override
    public void onError(Throwable error) {
      events.add("watch ended");
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("completed"));
    }
  }
}
