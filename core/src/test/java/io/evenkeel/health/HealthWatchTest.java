package io.evenkeel.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.backoff.Retry;
import io.evenkeel.testkit.FakeClock;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HealthWatchTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError(thrown);
          });
  private final List<WatchCall> calls = new ArrayList<>();
  private final List<String> verdicts = new ArrayList<>();
  private final HealthWatch watch =
      new HealthWatch(
          new WatchChannel(),
          new HealthCheck("orders", TIMEOUT),
          new Recorder(),
          new Retry.Timing(syncContext, clock, ScriptedRandom.of(0)));

  @Test
  void start_always_asksForTheService() {
    watch.start();

    assertThat(calls).hasSize(1);
    assertThat(lastCall().asked).containsExactly("orders");
    assertThat(verdicts).isEmpty();
  }

  @Test
  void start_onTheThreadOfACall_outlivesThatCall() {
    Context.current().withCancellation().run(watch::start);

    assertThat(lastCall().context).isSameAs(Context.ROOT);
  }

  @Test
  void answer_serving_isToldAndEndsTheTimer() {
    watch.start();

    lastCall().answer(ServingStatus.SERVING);

    assertThat(verdicts).containsExactly("serving");
    assertThat(clock.waiting()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = ServingStatus.class,
      names = {"NOT_SERVING", "UNKNOWN", "SERVICE_UNKNOWN"})
  void answer_anythingElse_isNotServing(ServingStatus status) {
    watch.start();

    lastCall().answer(status);

    assertThat(verdicts).containsExactly("health service \"orders\" answers " + status);
  }

  @Test
  void answer_another_isHeard() {
    watch.start();
    lastCall().answer(ServingStatus.SERVING);

    lastCall().answer(ServingStatus.NOT_SERVING);
    lastCall().answer(ServingStatus.SERVING);

    assertThat(verdicts).hasSize(3).last().isEqualTo("serving");
    assertThat(lastCall().requested).isEqualTo(4);
  }

  @Test
  void close_unimplemented_isServingForGood() {
    watch.start();

    lastCall().close(Status.UNIMPLEMENTED);
    clock.advance(Duration.ofHours(1));

    assertThat(verdicts).containsExactly("serving");
    assertThat(calls).hasSize(1);
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void noAnswer_untilTheTimeout_isNotServingAndAskedAgain() {
    watch.start();

    clock.advance(TIMEOUT.minusNanos(1));
    assertThat(verdicts).isEmpty();
    clock.advance(Duration.ofNanos(1));

    assertThat(verdicts).containsExactly("health service \"orders\" gave no answer within PT5S");
    assertThat(lastCall().cancelled).isTrue();
    clock.advance(FIRST_BACKOFF);
    assertThat(calls).hasSize(2);
  }

  @Test
  void noAnswer_lateAnswer_isNotHeard() {
    watch.start();
    clock.advance(TIMEOUT);

    calls.get(0).answer(ServingStatus.SERVING);
    calls.get(0).close(Status.CANCELLED);

    assertThat(verdicts).hasSize(1);
  }

  @Test
  void close_withoutAnAnswer_isNotServingAndOpenedAgainAfterBackoff() {
    watch.start();

    lastCall().close(Status.UNAVAILABLE.withDescription("gone"));

    assertThat(verdicts)
        .containsExactly("health service \"orders\" broke off its watch: UNAVAILABLE gone");
    clock.advance(FIRST_BACKOFF.minusNanos(1));
    assertThat(calls).hasSize(1);
    clock.advance(Duration.ofNanos(1));
    assertThat(calls).hasSize(2);
  }

  @Test
  void close_afterAnAnswer_keepsItUntilTheNextWatchHasHadItsChance() {
    watch.start();
    lastCall().answer(ServingStatus.SERVING);

    lastCall().close(Status.UNAVAILABLE.withDescription("stream timed out"));

    assertThat(timeUntilNextCall()).isEqualTo(FIRST_BACKOFF);
    assertThat(verdicts).containsExactly("serving");
    clock.advance(TIMEOUT);
    assertThat(verdicts).last().asString().endsWith("gave no answer within PT5S");
  }

  @Test
  void close_againWithoutAnAnswer_isNotServing() {
    watch.start();
    lastCall().answer(ServingStatus.SERVING);
    lastCall().close(Status.UNAVAILABLE);
    timeUntilNextCall();

    lastCall().close(Status.UNAVAILABLE.withDescription("gone"));

    assertThat(verdicts).last().asString().endsWith("broke off its watch: UNAVAILABLE gone");
  }

  @Test
  void close_againAndAgain_backsOffLongerEachTimeUpToTwoMinutes() {
    watch.start();
    List<Duration> waits = new ArrayList<>();

    for (int i = 0; i < 13; i++) {
      lastCall().close(Status.UNAVAILABLE);
      waits.add(timeUntilNextCall());
    }

    assertThat(waits.subList(0, 3))
        .containsExactly(Duration.ofMillis(1000), Duration.ofMillis(1600), Duration.ofMillis(2560));
    assertThat(waits).isSorted().last().isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void close_afterAnAnswer_beginsBackoffAnew() {
    watch.start();
    for (int i = 0; i < 5; i++) {
      lastCall().close(Status.UNAVAILABLE);
      timeUntilNextCall();
    }

    lastCall().answer(ServingStatus.NOT_SERVING);
    lastCall().close(Status.UNAVAILABLE);

    assertThat(timeUntilNextCall()).isEqualTo(FIRST_BACKOFF);
  }

  @Test
  void stop_watching_cancelsTheCallAndEveryTimer() {
    watch.start();

    watch.stop();

    assertThat(lastCall().cancelled).isTrue();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void stop_backingOff_cancelsTheRetry() {
    watch.start();
    lastCall().close(Status.UNAVAILABLE);

    watch.stop();
    clock.advance(Duration.ofHours(1));

    assertThat(calls).hasSize(1);
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void stop_lateEvents_areNotHeard() {
    watch.start();

    watch.stop();
    lastCall().answer(ServingStatus.SERVING);
    lastCall().close(Status.UNAVAILABLE);

    assertThat(verdicts).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void stop_twice_isHarmless() {
    watch.start();

    watch.stop();
    watch.stop();

    assertThat(calls).hasSize(1);
  }

  private WatchCall lastCall() {
    return calls.get(calls.size() - 1);
  }

  private Duration timeUntilNextCall() {
    int before = calls.size();
    Duration step = Duration.ofMillis(10);
    Duration waited = Duration.ZERO;
    while (calls.size() == before) {
      clock.advance(step);
      waited = waited.plus(step);
    }
    return waited;
  }

  private final class Recorder implements HealthListener {
    @Override
    public void onServing() {
      syncContext.throwIfNotInThisSynchronizationContext();
      verdicts.add("serving");
    }

    @Override
    public void onNotServing(Status reason) {
      syncContext.throwIfNotInThisSynchronizationContext();
      verdicts.add(reason.getDescription());
    }
  }

  private final class WatchChannel extends Channel {
    @Override
    @SuppressWarnings("unchecked")
    public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options) {
      WatchCall call = new WatchCall();
      calls.add(call);
      return (ClientCall<ReqT, RespT>) call;
    }

    @Override
    public String authority() {
      return "test";
    }
  }

  private static final class WatchCall extends ClientCall<HealthCheckRequest, HealthCheckResponse> {
    private final List<String> asked = new ArrayList<>();
    private final Context context = Context.current();
    private Listener<HealthCheckResponse> listener;
    private int requested;
    private boolean cancelled;

    void answer(ServingStatus status) {
      listener.onMessage(HealthCheckResponse.newBuilder().setStatus(status).build());
    }

    void close(Status status) {
      listener.onClose(status, new Metadata());
    }

    @Override
    public void start(Listener<HealthCheckResponse> listener, Metadata headers) {
      this.listener = listener;
    }

    @Override
    public void request(int messages) {
      requested += messages;
    }

    @Override
    public void cancel(String message, Throwable cause) {
      cancelled = true;
    }

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(HealthCheckRequest message) {
      asked.add(message.getService());
    }
  }
}
