package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that fails a call says when it may be tried again, or that it may not. */
final class PushBackTest {
  /** So long that a test in which it passes has failed. */
  private static final String NEVER = "600s";

  private static final int DELAY_MILLIS = 300;

  /** What answers take where hedges wait for that; a hedge is there soon after the call begins. */
  private static final int USUAL_MILLIS = 1000;

  private static final int FAILURE_MILLIS = 100;

  /** Enough to know what is usual. */
  private static final int CALLS = 100;

  /** The request of these. */
  private static final String WARM_UP = "warm-up";

  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final EchoServer[] servers = Fleet.servers(3);
  private final List<Long> failedNanos = new CopyOnWriteArrayList<>();
  private final List<Long> againNanos = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    later.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "nonsense"})
  void retry_forbidden_isNotMade(String pushBack) {
    try (Fleet fleet = fleet(Map.of(), Fleet.retries(5))) {
      failFirst(pushBack, 0);

      assertNotTriedAgain(fleet);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "nonsense"})
  void hedge_forbidden_isNotMade(String pushBack) {
    try (Fleet fleet = fleet(Map.of(), Fleet.hedges(3, NEVER))) {
      failFirst(pushBack, 0);

      assertNotTriedAgain(fleet);
    }
  }

  /** gRPC has handed the hedge over already, which waits until the call is late. */
  @Test
  void hedgeThatWaits_forbidden_isNotMade() {
    try (Fleet fleet = hedgingLate()) {
      failFirst("-1", FAILURE_MILLIS);

      assertNotTriedAgain(fleet);
    }
  }

  @Test
  void retry_delayed_isMadeThen() {
    try (Fleet fleet = fleet(Map.of(), Fleet.retries(5))) {
      failFirst(DELAY_MILLIS, 0);

      assertTriedAgainAfter(fleet, DELAY_MILLIS);
    }
  }

  /** gRPC itself would make it at once, whatever the server has asked for. */
  @Test
  void hedge_delayed_isMadeThen() {
    try (Fleet fleet = fleet(Map.of(), Fleet.hedges(3, NEVER))) {
      failFirst(DELAY_MILLIS, 0);

      assertTriedAgainAfter(fleet, DELAY_MILLIS);
    }
  }

  @Test
  void hedgeThatWaits_delayedBeyondThat_isMadeThen() {
    try (Fleet fleet = hedgingLate()) {
      failFirst(2 * USUAL_MILLIS, FAILURE_MILLIS);

      assertTriedAgainAfter(fleet, 2 * USUAL_MILLIS);
    }
  }

  private Fleet fleet(Map<String, ?> evenkeel, Map<String, ?> methods) {
    return new Fleet(evenkeel, methods, new Events(), servers);
  }

  /** Returns when hedges wait as long as answers usually take. */
  private Fleet hedgingLate() {
    Map<String, ?> free = Map.of("percent", 1000.0);
    Map<String, ?> late = Map.of("hedging", Map.of("percentile", 50.0), "retryBudget", free);
    Fleet fleet = fleet(late, Fleet.hedges(2, "0.005s"));
    for (EchoServer server : servers) {
      server.behave(
          (request, answer) -> {
            var unused =
                later.schedule(() -> server.succeed(answer), USUAL_MILLIS, TimeUnit.MILLISECONDS);
          });
    }
    Eventually.await("calls are not hedged before", () -> !areMostHedged(fleet));
    return fleet;
  }

  private static boolean areMostHedged(Fleet fleet) {
    int before = fleet.furtherAttempts();
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      answers.add(
          ClientCalls.futureUnaryCall(
              fleet.channel.newCall(Echo.SAY, CallOptions.DEFAULT), WARM_UP));
    }
    Eventually.await("calls end", () -> answers.stream().allMatch(Future::isDone));
    return fleet.furtherAttempts() > before + CALLS / 2;
  }

  private void failFirst(int pushBackMillis, int afterMillis) {
    failFirst(Integer.toString(pushBackMillis), afterMillis);
  }

  /** The first attempt that comes fails {@code afterMillis} later with {@code pushBack}. */
  private void failFirst(String pushBack, int afterMillis) {
    Metadata trailers = new Metadata();
    trailers.put(PUSH_BACK, pushBack);
    AtomicInteger attempts = new AtomicInteger();
    for (EchoServer server : servers) {
      server.behave(
          (request, answer) -> {
            if (request.equals(WARM_UP)) {
              server.succeed(answer); // a late hedge
              return;
            }
            if (attempts.incrementAndGet() > 1) {
              againNanos.add(System.nanoTime());
              server.succeed(answer);
              return;
            }
            Runnable failure =
                () -> {
                  failedNanos.add(System.nanoTime());
                  answer.onError(Status.UNAVAILABLE.asRuntimeException(trailers));
                };
            var unused = later.schedule(failure, afterMillis, TimeUnit.MILLISECONDS);
          });
    }
  }

  private void assertNotTriedAgain(Fleet fleet) {
    assertThatThrownBy(() -> Echo.call(fleet.channel))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    assertThat(failedNanos).hasSize(1);
    assertThat(againNanos).isEmpty();
  }

  private void assertTriedAgainAfter(Fleet fleet, int millis) {
    assertThat(Echo.call(fleet.channel)).startsWith("server-");

    assertThat(failedNanos).hasSize(1);
    assertThat(againNanos).hasSize(1);
    assertThat(againNanos.get(0) - failedNanos.get(0))
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
