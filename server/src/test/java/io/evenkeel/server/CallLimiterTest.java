package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.server.settings.ServerSetting;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CallLimiterTest {
  private static final int LIMIT = 10;
  private static final int THREADS = 8;

  private final Gate gate = new Gate();

  @Test
  void call_eightThreadsBeyondTheLimit_exactlyTheLimitRuns() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      List<ListenableFuture<String>> calls = callFromManyThreads(client, 25);

      assertThat(gate.awaitArrivals(LIMIT)).isTrue();
      assertThat(Eventually.holds(() -> refused(calls) == THREADS * 25 - LIMIT)).isTrue();
      assertThat(server.callsInFlight()).isEqualTo(LIMIT);
    }
  }

  @Test
  void call_manyRoundsAtTheLimit_countsNoneTwice() throws Exception {
    gate.open();
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      for (ListenableFuture<String> call : callFromManyThreads(client, 250)) {
        Client.statusOf(call);
      }

      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void call_beyondTheLimit_isToldTheLimit() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      fill(client);

      Status status = Client.statusOf(client.pass());

      assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(status.getDescription()).contains("10 calls").contains("max-concurrent-calls");
    }
  }

  @Test
  void call_placesFreedAgain_isServed() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      fill(client);
      gate.open();
      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();

      Status status = Client.statusOf(client.pass());

      assertThat(status.isOk()).isTrue();
    }
  }

  @Test
  void call_cancelled_freesItsPlace() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      ListenableFuture<String> call = client.pass();
      assertThat(gate.awaitArrivals(1)).isTrue();

      call.cancel(true);

      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void call_deadlinePasses_freesItsPlace() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS);

      Status status = Client.statusOf(client.call("pass", brief));

      assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void call_clientGone_freesItsPlace() throws Exception {
    try (EvenkeelServer server = start()) {
      Client client = new Client(server.port());
      fill(client);

      client.close();

      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void call_serviceThrows_freesItsPlace() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      Status status = Client.statusOf(client.call("throw", CallOptions.DEFAULT));

      assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void call_interceptorBehindThrows_freesItsPlace() throws Exception {
    ServerInterceptor throwing =
        new ServerInterceptor() {
          @Override
          public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
              ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
            throw new IllegalStateException("told to throw");
          }
        };
    try (EvenkeelServer server = Servers.builder(gate).intercept(throwing).start();
        Client client = new Client(server.port())) {
      Client.statusOf(client.pass());

      assertThat(Eventually.holds(() -> server.callsInFlight() == 0)).isTrue();
    }
  }

  @Test
  void healthCheck_atTheLimit_isAnswered() throws Exception {
    try (EvenkeelServer server = start();
        Client client = new Client(server.port())) {
      fill(client);

      HealthCheckResponse health =
          HealthGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance());

      assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThat(server.callsInFlight()).isEqualTo(LIMIT);
    }
  }

  private EvenkeelServer start() throws IOException {
    return Servers.builder(gate)
        .settings(
            Servers.settings()
                .with(ServerSetting.MAX_CONCURRENT_CALLS, LIMIT)
                .with(ServerSetting.DRAIN_TIMEOUT, Duration.ZERO))
        .start();
  }

  private void fill(Client client) throws InterruptedException {
    assertThat(callTimes(client, LIMIT)).hasSize(LIMIT);
    assertThat(gate.awaitArrivals(LIMIT)).isTrue();
  }

  private static List<ListenableFuture<String>> callFromManyThreads(Client client, int callsEach)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<ListenableFuture<String>>>> started = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        started.add(threads.submit(() -> callTimes(client, callsEach)));
      }
      List<ListenableFuture<String>> calls = new ArrayList<>();
      for (Future<List<ListenableFuture<String>>> some : started) {
        calls.addAll(some.get());
      }
      return calls;
    } finally {
      threads.shutdown();
    }
  }

  private static List<ListenableFuture<String>> callTimes(Client client, int times) {
    List<ListenableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      calls.add(client.pass());
    }
    return calls;
  }

  private static long refused(List<ListenableFuture<String>> calls) {
    return calls.stream().filter(ListenableFuture::isDone).count();
  }
}
