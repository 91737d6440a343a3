package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever releases an attempt, and however often: it is released once. */
final class CallAttemptsTest {
  private final EndpointLoad load = new EndpointLoad();
  private final CallAttempts call = new CallAttempts(MethodType.UNARY);

  @Test
  void new_attempt_isInFlight() {
    tracer(call);

    assertThat(load.inFlight()).isEqualTo(1);
  }

  @Test
  void streamClosed_twice_releasesOnce() {
    ClientStreamTracer tracer = tracer(call);
    tracer(call);

    tracer.streamClosed(Status.OK);
    tracer.streamClosed(Status.CANCELLED);

    assertThat(load.inFlight()).isEqualTo(1);
  }

  @Test
  void close_openAttempts_releasesThem() {
    tracer(call);
    tracer(call).streamClosed(Status.OK);
    tracer(call);

    call.close();

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void any_attemptStarted_isTrue() {
    assertThat(call.any()).isFalse();

    tracer(call);

    assertThat(call.any()).isTrue();
  }

  @Test
  void tried_onlyWhereAnAttemptWasStarted() {
    EndpointLoad other = new EndpointLoad();

    tracer(call);

    assertThat(call.tried(load)).isTrue();
    assertThat(call.tried(other)).isFalse();
  }

  @Test
  void tried_secondAttemptElsewhere_knowsBoth() {
    EndpointLoad other = new EndpointLoad();
    tracer(call).streamClosed(Status.UNAVAILABLE);

    other.newClientStreamTracer(info(call), new Metadata());

    assertThat(call.tried(load)).isTrue();
    assertThat(call.tried(other)).isTrue();
  }

  @Test
  void lastFailure_streamsFailed_isThatOfTheLast() {
    ClientStreamTracer first = stream(call);
    ClientStreamTracer second = stream(call);

    second.streamClosed(Status.UNAVAILABLE);
    first.streamClosed(Status.INTERNAL);

    assertThat(call.lastFailure()).isSameAs(Status.INTERNAL);
  }

  @Test
  void lastFailure_streamSucceededOrNeverWas_isNone() {
    tracer(call).streamClosed(Status.UNAUTHENTICATED);
    stream(call).streamClosed(Status.OK);

    assertThat(call.lastFailure()).isNull();
  }

  @Test
  void anyOpen_untilAllAreReleased() {
    ClientStreamTracer first = stream(call);
    ClientStreamTracer second = stream(call);

    first.streamClosed(Status.UNAVAILABLE);

    assertThat(call.anyOpen()).isTrue();
    second.streamClosed(Status.OK);
    assertThat(call.anyOpen()).isFalse();
  }

  @Test
  void lostItsConnection_connectionLostAfterwardsOrWithIt_isTrue() {
    ClientStreamTracer only = stream(call);
    assertThat(call.lostItsConnection()).isFalse();

    load.connectionLost();
    assertThat(call.lostItsConnection()).isFalse();
    only.streamClosed(Status.UNAVAILABLE);

    assertThat(call.lostItsConnection()).isTrue();
  }

  @Test
  void lostItsConnection_connectionStaysOrWasLostBefore_isFalse() {
    load.connectionLost();
    stream(call).streamClosed(Status.UNAVAILABLE);

    assertThat(call.lostItsConnection()).isFalse();
  }

  @Test
  void lostItsConnection_secondAttempt_isFalse() {
    stream(call).streamClosed(Status.UNAVAILABLE);
    stream(call).streamClosed(Status.UNAVAILABLE);

    load.connectionLost();

    assertThat(call.lostItsConnection()).isFalse();
  }

  @Test
  void endedInSilence_serverSaidNothing_isTrue() {
    stream(call).streamClosed(Status.UNAVAILABLE);

    assertThat(call.endedInSilence()).isTrue();
  }

  @Test
  void endedInSilence_serverSentTrailers_isFalse() {
    ClientStreamTracer only = stream(call);
    only.inboundTrailers(new Metadata());
    only.streamClosed(Status.UNAVAILABLE);

    assertThat(call.endedInSilence()).isFalse();
  }

  @Test
  void endedInSilence_secondAttempt_isFalse() {
    stream(call).streamClosed(Status.UNAVAILABLE);
    stream(call).streamClosed(Status.UNAVAILABLE);

    assertThat(call.endedInSilence()).isFalse();
  }

  @Test
  void waitingSince_askedAgain_isTheFirst() {
    assertThat(call.waitingSince(-7)).isEqualTo(-7);
    assertThat(call.waitingSince(1)).isEqualTo(-7);
  }

  @Test
  void close_twice_releasesOnce() {
    tracer(call);

    call.close();
    call.close();

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void streamClosed_afterClose_releasesOnce() {
    ClientStreamTracer tracer = tracer(call);

    call.close();
    tracer.streamClosed(Status.OK);

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void new_afterClose_countsNothing() {
    call.close();

    tracer(call);

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void close_attemptsOnSeveralEndpoints_releasesAll() {
    EndpointLoad other = new EndpointLoad();
    tracer(call);
    other.newClientStreamTracer(info(call), new Metadata());

    call.close();

    assertThat(load.inFlight()).isZero();
    assertThat(other.inFlight()).isZero();
  }

  @Test
  void connectionLost_callIsTracked_leavesItToTheCall() {
    tracer(call);

    load.connectionLost();

    assertThat(load.inFlight()).isEqualTo(1);
    call.close();
    assertThat(load.inFlight()).isZero();
  }

  @Test
  void connectionLost_callIsUntracked_releasesItOnce() {
    ClientStreamTracer tracer = tracer(null);

    load.connectionLost();
    tracer.streamClosed(Status.UNAVAILABLE);
    load.connectionLost();

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void connectionLost_callsOfTheNextConnection_areCountedAnew() {
    tracer(null);
    load.connectionLost();

    ClientStreamTracer next = tracer(null);

    assertThat(load.inFlight()).isEqualTo(1);
    next.streamClosed(Status.OK);
    assertThat(load.inFlight()).isZero();
  }

  @Test
  void connectionLost_nothingInFlight_isFine() {
    load.connectionLost();

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void streamClosed_againstClose_releasesExactlyOnce() throws Exception {
    race(
        10_000,
        () -> {
          CallAttempts attempts = new CallAttempts(MethodType.UNARY);
          ClientStreamTracer tracer = tracer(attempts);
          return List.of(
              attempts::close, () -> tracer.streamClosed(Status.OK), () -> tracer(attempts));
        });

    assertThat(load.inFlight()).isZero();
  }

  @Test
  void connectionLost_againstStreamClosed_releasesExactlyOnce() throws Exception {
    race(
        10_000,
        () -> {
          ClientStreamTracer tracer = tracer(null);
          return List.of(
              load::connectionLost,
              () -> tracer.streamClosed(Status.OK),
              () -> tracer(null).streamClosed(Status.OK));
        });

    assertThat(load.inFlight()).isZero();
  }

  /** Runs what {@code round} makes at the same moment on threads of their own, again and again. */
  private static void race(int rounds, Supplier<List<Runnable>> round) throws Exception {
    int threads = 3;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      for (int i = 0; i < rounds; i++) {
        List<Future<?>> running = new ArrayList<>();
        for (Runnable task : round.get()) {
          running.add(
              pool.submit(
                  () -> {
                    start.await();
                    task.run();
                    return null;
                  }));
        }
        for (Future<?> done : running) {
          done.get();
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private ClientStreamTracer tracer(@Nullable CallAttempts attempts) {
    return load.newClientStreamTracer(info(attempts), new Metadata());
  }

  private ClientStreamTracer stream(CallAttempts attempts) {
    ClientStreamTracer tracer = tracer(attempts);
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    return tracer;
  }

  private static StreamInfo info(@Nullable CallAttempts attempts) {
    return StreamInfo.newBuilder()
        .setCallOptions(
            attempts == null
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withOption(CallAttempts.KEY, attempts))
        .build();
  }
}
