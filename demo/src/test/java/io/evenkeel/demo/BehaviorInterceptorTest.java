package io.evenkeel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.demo.hello.HelloRequest;
import io.evenkeel.demo.hello.HelloResponse;
import io.evenkeel.demo.hello.HelloServiceGrpc;
import io.evenkeel.demo.hello.HelloServiceGrpc.HelloServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BehaviorInterceptorTest {
  private static final HelloRequest REQUEST = HelloRequest.getDefaultInstance();

  private Backend backend;

  @BeforeEach
  void start() throws IOException {
    backend = new Backend("hello");
  }

  @AfterEach
  void stop() {
    backend.close();
  }

  @Test
  void sleep_enoughTime_isServedAfterwards() {
    HelloResponse response = blocking("sleep=20ms").sayHello(REQUEST);

    assertThat(response.getMessage()).isEqualTo("Hello, world!");
  }

  @Test
  void sleep_manyCallsAtOnce_holdNoThreadEach() throws Exception {
    int before = Thread.activeCount();
    List<ListenableFuture<HelloResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(
          Backend.behaving("sleep=1s", HelloServiceGrpc.newFutureStub(backend.channel()))
              .sayHello(REQUEST));
    }
    assertThat(Backend.eventually(() -> backend.callsInFlight() == 200)).isTrue();

    assertThat(Thread.activeCount() - before).isLessThan(100);

    for (ListenableFuture<HelloResponse> call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS).getMessage()).isEqualTo("Hello, world!");
    }
  }

  @Test
  void sleep_deadlinePasses_endsAtTheBackendToo() {
    HelloServiceBlockingStub stub =
        blocking("sleep=60s").withDeadlineAfter(100, TimeUnit.MILLISECONDS);

    assertThat(codeOf(stub)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(Backend.eventually(() -> backend.callsInFlight() == 0)).isTrue();
  }

  @Test
  void hang_cancelled_endsAtTheBackendToo() {
    ListenableFuture<HelloResponse> call =
        Backend.behaving("hang", HelloServiceGrpc.newFutureStub(backend.channel()))
            .sayHello(REQUEST);
    assertThat(Backend.eventually(() -> backend.callsInFlight() == 1)).isTrue();

    call.cancel(true);

    assertThat(Backend.eventually(() -> backend.callsInFlight() == 0)).isTrue();
  }

  @Test
  void fail_status_isThatStatus() {
    assertThat(codeOf(blocking("fail=NOT_FOUND"))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void sleepAndFail_both_happen() {
    assertThat(codeOf(blocking("sleep=10ms,fail=DATA_LOSS"))).isEqualTo(Status.Code.DATA_LOSS);
  }

  @Test
  void failFirst_clientRetries_isServedInTheEnd() {
    ManagedChannel retrying = backend.connect(retriesOnUnavailable());
    try {
      HelloServiceBlockingStub stub =
          Backend.behaving("fail-first=2", HelloServiceGrpc.newBlockingStub(retrying));

      assertThat(stub.sayHello(REQUEST).getMessage()).isEqualTo("Hello, world!");
    } finally {
      retrying.shutdownNow();
    }
  }

  @Test
  void failFirst_noRetries_fails() {
    assertThat(codeOf(blocking("fail-first=1"))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void malformed_isInvalidAndShowsTheSyntax() {
    assertThatThrownBy(() -> blocking("slep=1s").sayHello(REQUEST))
        .hasMessageContaining("INVALID_ARGUMENT: behavior \"slep=1s\"")
        .hasMessageContaining("sleep=200ms");
  }

  @Test
  void environment_statesBehavior_appliesToCallsWithoutTheHeader() throws IOException {
    try (Backend failing = new Backend("hello", Map.of("BEHAVIOR", "fail=ABORTED"))) {
      HelloServiceBlockingStub plain = HelloServiceGrpc.newBlockingStub(failing.channel());

      assertThat(codeOf(Backend.bounded(plain))).isEqualTo(Status.Code.ABORTED);
      assertThat(codeOf(Backend.behaving("sleep=1ms", plain))).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void environment_malformedBehavior_refusesToStart() {
    Map<String, String> environment = Map.of("BEHAVIOR", "nap");

    assertThatThrownBy(() -> new Backend("hello", environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BEHAVIOR: behavior \"nap\"");
  }

  @Test
  void stop_callsAsleep_leavesNoTimer() throws IOException {
    Backend stopping = new Backend("hello");
    ListenableFuture<HelloResponse> call =
        Backend.behaving("sleep=60s", HelloServiceGrpc.newFutureStub(stopping.channel()))
            .sayHello(REQUEST);
    assertThat(Backend.eventually(() -> stopping.callsInFlight() == 1)).isTrue();

    stopping.close();
    backend.close();

    assertThat(Backend.eventually(call::isDone)).isTrue();
    assertThat(Backend.eventually(() -> !threadNames().contains("evenkeel-behavior"))).isTrue();
  }

  private HelloServiceBlockingStub blocking(String behavior) {
    return Backend.behaving(behavior, HelloServiceGrpc.newBlockingStub(backend.channel()));
  }

  private static Status.Code codeOf(HelloServiceBlockingStub stub) {
    try {
      stub.sayHello(REQUEST);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  private static Map<String, ?> retriesOnUnavailable() {
    Map<String, ?> policy =
        Map.of(
            "maxAttempts",
            3.0,
            "initialBackoff",
            "0.01s",
            "maxBackoff",
            "0.1s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    return Map.of(
        "methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy)));
  }
}
