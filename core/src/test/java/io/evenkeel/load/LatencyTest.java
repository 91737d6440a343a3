package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LatencyTest {
  private static final Duration DECAY = Duration.ofSeconds(10);
  private static final Duration PENALTY = Duration.ofSeconds(5);

  private final FakeClock clock = new FakeClock();
  private final CallClock callClock = new CallClock(clock);
  private final EndpointLoad load = new EndpointLoad();
  private final LatencyRules rules =
      new LatencyRules(callClock, DECAY.toNanos(), PENALTY.toNanos());
  private final Latency latency = load.measureLatency(rules);

  @Test
  void averageNanos_noCall_isZero() {
    assertThat(millis()).isZero();
  }

  @Test
  void averageNanos_higherSample_jumpsAtOnce() {
    call(10, Status.OK);
    call(200, Status.OK);

    assertThat(millis()).isEqualTo(200);
  }

  @Test
  void averageNanos_lowerSample_fallsByTheTimeSinceTheLast() {
    call(100, Status.OK);
    clock.advance(Duration.ofMillis(9990));
    call(10, Status.OK);

    // 100 / e + 10 (1 - 1 / e), ten seconds after the first sample.
    assertThat(millis()).isCloseTo(43.1, within(0.1));
  }

  @Test
  void averageNanos_noNews_decays() {
    call(100, Status.OK);
    clock.advance(Duration.ofSeconds(20));

    assertThat(millis()).isCloseTo(100 / Math.exp(2), within(0.1));
  }

  @Test
  void averageNanos_noNewsForLong_isForgotten() {
    call(100, Status.OK);
    clock.advance(DECAY.multipliedBy(9));

    assertThat(millis()).isZero();
  }

  @Test
  void averageNanos_cancelledCall_isNoSample() {
    call(10, Status.OK);
    call(500, Status.CANCELLED);

    assertThat(millis()).isCloseTo(10, within(0.6));
  }

  @Test
  void averageNanos_deadlineExceeded_isAtLeastThatLong() {
    call(10, Status.OK);
    call(500, Status.DEADLINE_EXCEEDED);
    call(20, Status.DEADLINE_EXCEEDED);

    assertThat(latency.averageNanos(clock.getAsLong())).isGreaterThanOrEqualTo(490e6);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "RESOURCE_EXHAUSTED", "INTERNAL", "UNKNOWN", "DATA_LOSS"})
  void averageNanos_fastFailure_isThePenalty(Status.Code code) {
    call(10, Status.OK);
    call(1, code.toStatus());

    assertThat(millis()).isEqualTo(5000);
    assertThat(load.failures()).isEqualTo(1);
  }

  @Test
  void averageNanos_forgiven_isWhatItWasBeforeTheFailures() {
    call(10, Status.OK);
    call(1, Status.UNAVAILABLE);
    call(1, Status.UNAVAILABLE);
    call(100, Status.DEADLINE_EXCEEDED);

    load.forgiveFailures();

    assertThat(millis()).isCloseTo(10, within(0.1));
  }

  @Test
  void averageNanos_failsAgainAfterItWasForgiven_isThePenalty() {
    call(1, Status.UNAVAILABLE);
    load.forgiveFailures();
    assertThat(millis()).isZero();

    call(1, Status.UNAVAILABLE);

    assertThat(millis()).isEqualTo(5000);
  }

  @Test
  void averageNanos_forgivenAfterAnAnswer_isAsItIs() {
    call(10, Status.OK);
    call(1, Status.UNAVAILABLE);
    call(40, Status.OK);
    double answered = millis();

    load.forgiveFailures();

    assertThat(millis()).isEqualTo(answered);
  }

  @Test
  void averageNanos_forgotten_isZeroUntilTheNextAnswer() {
    call(100, Status.OK);

    load.forgetLatency();

    assertThat(millis()).isZero();
    call(10, Status.OK);
    assertThat(millis()).isEqualTo(10);
  }

  @Test
  void averageNanos_failureSlowerThanThePenalty_isItsOwnTime() {
    call(8000, Status.UNAVAILABLE);

    assertThat(millis()).isEqualTo(8000);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"NOT_FOUND", "INVALID_ARGUMENT", "PERMISSION_DENIED", "UNIMPLEMENTED"})
  void averageNanos_fastRejection_neverLowers(Status.Code code) {
    call(100, Status.OK);
    for (int i = 0; i < 100; i++) {
      call(1, code.toStatus());
    }

    assertThat(millis()).isCloseTo(100, within(2d));
    assertThat(load.failures()).isZero();
  }

  @Test
  void averageNanos_failureBeforeThereWasAStream_isNotTheEndpoints() {
    ClientStreamTracer tracer = load.newClientStreamTracer(info(MethodType.UNARY), new Metadata());
    tracer.streamClosed(Status.UNAVAILABLE);

    assertThat(millis()).isZero();
    assertThat(load.failures()).isZero();
  }

  @Test
  void averageNanos_stream_isTheTimeToItsFirstMessage() {
    ClientStreamTracer stream = start(MethodType.SERVER_STREAMING);
    clock.advance(Duration.ofMillis(30));
    stream.inboundMessage(0);
    clock.advance(Duration.ofMillis(100));
    stream.inboundMessage(1);
    stream.streamClosed(Status.OK);

    // A tenth of a second later, a hundredth of the decay time.
    assertThat(millis()).isCloseTo(30, within(0.5));
  }

  @Test
  void averageNanos_streamFailsAfterItsFirstMessage_isThePenalty() {
    ClientStreamTracer stream = start(MethodType.SERVER_STREAMING);
    stream.inboundMessage(0);
    stream.streamClosed(Status.UNAVAILABLE);

    assertThat(millis()).isEqualTo(5000);
  }

  @Test
  void oldestOpenNanos_callsEndInAnyOrder_isTheAgeOfTheOldestLeft() {
    ClientStreamTracer first = start(MethodType.UNARY);
    clock.advance(Duration.ofMillis(1));
    ClientStreamTracer second = start(MethodType.UNARY);
    clock.advance(Duration.ofMillis(1));
    ClientStreamTracer third = start(MethodType.UNARY);
    clock.advance(Duration.ofMillis(1));

    assertThat(oldestMillis()).isEqualTo(3);
    second.streamClosed(Status.OK);
    assertThat(oldestMillis()).isEqualTo(3);
    first.streamClosed(Status.OK);
    assertThat(oldestMillis()).isEqualTo(1);
    third.streamClosed(Status.CANCELLED);
    assertThat(oldestMillis()).isZero();
  }

  @Test
  void oldestOpenNanos_silentStream_isNotWatched() {
    start(MethodType.SERVER_STREAMING);
    clock.advance(Duration.ofHours(1));

    assertThat(oldestMillis()).isZero();
  }

  @Test
  void oldestOpenNanos_tracerThatIsNeverClosed_endsWithItsCall() {
    CallAttempts attempts = new CallAttempts(MethodType.UNARY);
    load.newClientStreamTracer(info(attempts), new Metadata());
    clock.advance(Duration.ofSeconds(1));

    attempts.close();

    assertThat(oldestMillis()).isZero();
  }

  @Test
  void oldestOpenNanos_connectionLost_isZero() {
    start(MethodType.UNARY);
    start(MethodType.UNARY);
    clock.advance(Duration.ofSeconds(1));

    load.connectionLost();

    assertThat(oldestMillis()).isZero();
  }

  @Test
  void measureLatency_otherRules_goesOnFromWhatIsKnown() {
    call(100, Status.OK);

    Latency other = load.measureLatency(new LatencyRules(callClock, DECAY.toNanos(), 1));

    assertThat(other).isNotSameAs(latency);
    assertThat(other.averageNanos(clock.getAsLong())).isEqualTo(100e6);
  }

  @Test
  void measureLatency_sameRules_isTheSame() {
    assertThat(load.measureLatency(new LatencyRules(callClock, DECAY.toNanos(), PENALTY.toNanos())))
        .isSameAs(latency);
  }

  @Test
  void stopMeasuring_thenAgain_goesOnFromWhatIsKnown() {
    call(100, Status.OK);

    load.stopMeasuring();

    assertThat(load.latency()).isNull();
    assertThat(load.measureLatency(rules).averageNanos(clock.getAsLong())).isEqualTo(100e6);
  }

  private void call(long millis, Status status) {
    ClientStreamTracer tracer = start(MethodType.UNARY);
    clock.advance(Duration.ofMillis(millis));
    tracer.streamClosed(status);
  }

  private ClientStreamTracer start(MethodType type) {
    ClientStreamTracer tracer = load.newClientStreamTracer(info(type), new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    return tracer;
  }

  private double millis() {
    return latency.averageNanos(clock.getAsLong()) / 1e6;
  }

  private double oldestMillis() {
    return latency.oldestOpenNanos(clock.getAsLong()) / 1e6;
  }

  private static StreamInfo info(MethodType type) {
    return info(new CallAttempts(type));
  }

  private static StreamInfo info(CallAttempts attempts) {
    return StreamInfo.newBuilder()
        .setCallOptions(CallOptions.DEFAULT.withOption(CallAttempts.KEY, attempts))
        .build();
  }
}
