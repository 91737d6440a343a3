package io.evenkeel.load;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an endpoint is compared by: calls in flight, failures that linger, and its limit. */
final class BurdenTest {
  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError(thrown);
          });
  private final EndpointLoad load = new EndpointLoad();

  @BeforeEach
  void lingers() {
    load.lingerFailures(
        new LingerRules((task, delay) -> context.schedule(task, delay, NANOSECONDS, clock), clock));
  }

  @Test
  void burden_nothingFailed_isWhatIsInFlight() {
    start();

    assertThat(load.burden()).isEqualTo(1);
  }

  @Test
  void burden_failure_lingersForTwoSeconds() {
    end(Status.UNAVAILABLE);
    clock.advance(Duration.ofMillis(1999));
    assertThat(load.burden()).isEqualTo(1);
    assertThat(load.inFlight()).isZero();

    clock.advance(Duration.ofMillis(1));

    assertThat(load.burden()).isZero();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void burden_furtherFailures_areForgottenWithTheFirst() {
    end(Status.UNAVAILABLE);
    clock.advance(Duration.ofSeconds(1));
    end(Status.INTERNAL);
    assertThat(load.burden()).isEqualTo(2);
    assertThat(clock.waiting()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));

    assertThat(load.burden()).isZero();
  }

  @Test
  void burden_answer_forgetsFailures() {
    end(Status.UNAVAILABLE);
    end(Status.UNAVAILABLE);

    end(Status.NOT_FOUND);

    assertThat(load.burden()).isZero();
  }

  @Test
  void burden_failureAfterAnAnswer_lingersItsOwnTwoSeconds() {
    end(Status.UNAVAILABLE);
    end(Status.OK);
    clock.advance(Duration.ofMillis(1500));
    end(Status.UNAVAILABLE);
    assertThat(clock.waiting()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1999));
    assertThat(load.burden()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));

    assertThat(load.burden()).isZero();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void burden_forgiven_isWhatIsInFlightUntilTheNextFailure() {
    end(Status.UNAVAILABLE);
    end(Status.UNAVAILABLE);

    load.forgiveFailures();

    assertThat(load.burden()).isZero();
    end(Status.UNAVAILABLE);
    assertThat(load.burden()).isEqualTo(1);
  }

  @Test
  void burden_lateOrCancelled_doesNotLinger() {
    end(Status.DEADLINE_EXCEEDED);
    end(Status.CANCELLED);

    assertThat(load.burden()).isZero();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void burden_notAskedFor_doesNotLinger() {
    EndpointLoad plain = new EndpointLoad();

    stream(plain).streamClosed(Status.UNAVAILABLE);

    assertThat(plain.burden()).isZero();
  }

  @Test
  void close_failuresLinger_endsTheTimer() {
    end(Status.UNAVAILABLE);

    load.close();
    load.close();
    end(Status.UNAVAILABLE);

    assertThat(clock.waiting()).isZero();
    assertThat(load.burden()).isZero();
  }

  @Test
  void watch_burdenChanges_isTold() {
    List<Integer> seen = new ArrayList<>();
    load.watch(() -> seen.add(load.burden()));

    end(Status.UNAVAILABLE);
    clock.advance(LingerRules.LINGER);
    end(Status.UNAVAILABLE);
    end(Status.OK);

    // Never less than one while the call fails: nobody sees it idle in between.
    assertThat(seen).containsExactly(1, 2, 1, 0, 1, 2, 1, 2, 1, 0);
  }

  @Test
  void full_noLimit_isNever() {
    start();

    assertThat(load.full()).isFalse();
    assertThat(load.limit()).isEqualTo(EndpointLoad.UNLIMITED);
  }

  @Test
  void full_atItsLimit_untilACallEnds() {
    load.limit(2);
    ClientStreamTracer first = start();
    assertThat(load.full()).isFalse();
    start();
    assertThat(load.full()).isTrue();

    first.streamClosed(Status.OK);

    assertThat(load.full()).isFalse();
  }

  private void end(Status status) {
    start().streamClosed(status);
  }

  private ClientStreamTracer start() {
    return stream(load);
  }

  private static ClientStreamTracer stream(EndpointLoad load) {
    ClientStreamTracer tracer =
        load.newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    return tracer;
  }
}
