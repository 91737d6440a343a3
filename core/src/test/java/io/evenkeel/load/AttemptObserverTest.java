package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AttemptObserverTest {
  private final FakeClock clock = new FakeClock();
  private final EndpointLoad load = new EndpointLoad();
  private final Recorder heard = new Recorder(new CallClock(clock));
  private final CallAttempts call = new CallAttempts(MethodType.UNARY);

  @Test
  void attempt_answered_isToldOnceEach() {
    load.observe(heard);
    ClientStreamTracer attempt = stream(call);
    clock.advance(Duration.ofMillis(7));
    attempt.inboundHeaders(new Metadata());
    attempt.inboundMessage(0);
    clock.advance(Duration.ofMillis(7));

    attempt.streamClosed(Status.OK);
    attempt.streamClosed(Status.CANCELLED);
    call.close();

    assertThat(heard.events).containsExactly("first", "OK from server 7000000 ns of 1");
  }

  @Test
  void attempt_failedByTransport_isNotFromServer() {
    load.observe(heard);

    stream(call).streamClosed(Status.UNAVAILABLE);

    assertThat(heard.events).containsExactly("first", "UNAVAILABLE 0 ns of 1");
  }

  @Test
  void attempt_failedByTrailers_isFromServer() {
    load.observe(heard);
    ClientStreamTracer attempt = stream(call);

    attempt.inboundTrailers(new Metadata());
    attempt.streamClosed(Status.UNAVAILABLE);

    assertThat(heard.events).last().isEqualTo("UNAVAILABLE from server 0 ns of 1");
  }

  @Test
  void attempt_withoutStream_isNotTold() {
    load.observe(heard);

    tracer(call).streamClosed(Status.UNAUTHENTICATED);
    call.close();

    assertThat(heard.events).isEmpty();
  }

  @Test
  void attempt_secondOfItsCall_isFurther() {
    load.observe(heard);
    new EndpointLoad().newClientStreamTracer(info(call), new Metadata());

    stream(call);

    assertThat(heard.events).containsExactly("further");
  }

  @Test
  void attempt_untracked_isFirst() {
    load.observe(heard);

    stream(null).streamClosed(Status.OK);
    stream(null);

    assertThat(heard.events).containsExactly("first", "OK 0 ns of 1", "first");
  }

  @Test
  void attempt_othersInFlight_countsThemAndItself() {
    tracer(call);
    load.observe(heard);

    stream(call).streamClosed(Status.OK);

    assertThat(heard.events).last().isEqualTo("OK 0 ns of 2");
  }

  @Test
  void attempt_noClock_isNotMeasured() {
    Recorder timeless = new Recorder(null);
    load.observe(timeless);

    stream(call).streamClosed(Status.OK);

    assertThat(timeless.events).last().isEqualTo("OK -1 ns of 1");
  }

  @Test
  void attempt_policyMeasures_takesItsLatency() {
    Recorder timeless = new Recorder(null);
    load.measureLatency(new LatencyRules(new CallClock(clock), 1_000_000_000, 5_000_000_000L));
    load.observe(timeless);
    ClientStreamTracer attempt = stream(call);
    clock.advance(Duration.ofMillis(3));

    attempt.streamClosed(Status.OK);

    assertThat(timeless.events).last().isEqualTo("OK 3000000 ns of 1");
    assertThat(load.latency()).isNotNull();
    assertThat(load.latency().averageNanos(clock.getAsLong())).isEqualTo(3e6);
  }

  @Test
  void onEnd_attemptIsInFlightNoMore() {
    List<Integer> inFlight = new ArrayList<>();
    load.observe(
        new AttemptObserver() {
          @Override
          public void onStart(boolean further) {}

          @Override
          public void onEnd(
              Status status, boolean fromServer, long latencyNanos, int inFlightAtStart) {
            inFlight.add(load.inFlight());
          }
        });

    stream(call).streamClosed(Status.OK);

    assertThat(inFlight).containsExactly(0);
  }

  @Test
  void observe_null_tellsNobody() {
    load.observe(heard);
    load.observe(null);

    stream(call).streamClosed(Status.OK);

    assertThat(heard.events).isEmpty();
  }

  @Test
  void observer_throws_harmsNoCallAndIsCounted() {
    long before = EndpointLoad.observerFaults();
    load.observe(
        new AttemptObserver() {
          @Override
          public CallClock clock() {
            throw new IllegalStateException("clock");
          }

          @Override
          public void onStart(boolean further) {
            throw new IllegalStateException("start");
          }

          @Override
          public void onEnd(
              Status status, boolean fromServer, long latencyNanos, int inFlightAtStart) {
            throw new IllegalStateException("end");
          }
        });

    stream(call).streamClosed(Status.OK);

    assertThat(load.inFlight()).isZero();
    assertThat(EndpointLoad.observerFaults() - before).isEqualTo(3);
  }

  private ClientStreamTracer stream(@Nullable CallAttempts attempts) {
    ClientStreamTracer tracer = tracer(attempts);
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    return tracer;
  }

  private ClientStreamTracer tracer(@Nullable CallAttempts attempts) {
    return load.newClientStreamTracer(info(attempts), new Metadata());
  }

  private static StreamInfo info(@Nullable CallAttempts attempts) {
    return StreamInfo.newBuilder()
        .setCallOptions(
            attempts == null
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withOption(CallAttempts.KEY, attempts))
        .build();
  }

  private static final class Recorder implements AttemptObserver {
    private final @Nullable CallClock clock;
    private final List<String> events = new ArrayList<>();

    Recorder(@Nullable CallClock clock) {
      this.clock = clock;
    }

    @Override
    public @Nullable CallClock clock() {
      return clock;
    }

    @Override
    public void onStart(boolean further) {
      events.add(further ? "further" : "first");
    }

    @Override
    public void onEnd(Status status, boolean fromServer, long latencyNanos, int inFlightAtStart) {
      events.add(
          status.getCode()
              + (fromServer ? " from server " : " ")
              + latencyNanos
              + " ns of "
              + inFlightAtStart);
    }
  }
}
