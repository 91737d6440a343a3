package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say of further attempts. */
final class PushBackTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final CallAttempts call = new CallAttempts(MethodType.UNARY);
  private long now = 17;

  @Test
  void of_milliseconds_waitsThatLong() {
    PushBack pushBack = PushBack.of("1000", ticker());
    assertThat(pushBack.forbids()).isFalse();
    assertThat(pushBack.waitNanos()).isEqualTo(SECOND);

    now += SECOND;

    assertThat(pushBack.waitNanos()).isZero();
  }

  /** gRPC takes what is no number for a no, too. */
  @ParameterizedTest
  @ValueSource(strings = {"-1", "-2147483648", "", "soon", "1.5", "99999999999"})
  void of_negativeOrNoNumber_forbids(String millis) {
    PushBack pushBack = PushBack.of(millis, ticker());

    assertThat(pushBack.forbids()).isTrue();
    assertThat(pushBack.waitNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void pushBack_noServerHasSaidAnything_isNone() {
    attempt().inboundTrailers(new Metadata());

    assertThat(call.pushBack()).isNull();
  }

  @Test
  void pushBack_oneForbidsAndAnotherNamesADelay_forbids() {
    attempt().inboundTrailers(trailers("-1"));
    attempt().inboundTrailers(trailers("0"));

    assertThat(Objects.requireNonNull(call.pushBack()).forbids()).isTrue();
  }

  private ClientStreamTracer attempt() {
    return new EndpointLoad()
        .newClientStreamTracer(
            ClientStreamTracer.StreamInfo.newBuilder()
                .setCallOptions(CallOptions.DEFAULT.withOption(CallAttempts.KEY, call))
                .build(),
            new Metadata());
  }

  private static Metadata trailers(String millis) {
    Metadata trailers = new Metadata();
    trailers.put(PushBack.TRAILER, millis);
    return trailers;
  }

  private Deadline.Ticker ticker() {
    return new Deadline.Ticker() {
      @Override
      public long nanoTime() {
        return now;
      }
    };
  }
}
