package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.load.CallAttempts;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retries of calls that are lost with their connection, when the retry budget has nothing left. */
final class LostCallsTest {
  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  /** Longer than a call waits for the news of its loss. */
  private static final Duration PATIENCE = Duration.ofMillis(60);

  private final BalancerFixture fixture = new BalancerFixture();
  private final CallOptions options =
      CallOptions.DEFAULT.withOption(CallAttempts.KEY, new CallAttempts(MethodType.UNARY));
  private FakeSubchannel used;
  private ClientStreamTracer attempt;

  @BeforeEach
  void start() {
    fixture.config(Map.of("retryBudget", Map.of("percent", 0.0, "minPerSecond", 0.0)));
    fixture.accept(1, 2);
    fixture.readyAll();
    fixture.passCoalescing();
    PickResult picked = fixture.helper.pick(options);
    used = (FakeSubchannel) Objects.requireNonNull(picked.getSubchannel());
    attempt =
        Objects.requireNonNull(picked.getStreamTracerFactory())
            .newClientStreamTracer(
                StreamInfo.newBuilder().setCallOptions(options).build(), new Metadata());
    attempt.streamCreated(Attributes.EMPTY, new Metadata());
  }

  @Test
  void retry_connectionIsLost_goesToTheOther() {
    used.idle();
    attempt.streamClosed(Status.UNAVAILABLE);

    assertThat(retry().getSubchannel()).isNotNull().isNotSameAs(used);
  }

  @Test
  void retry_serverSaidNothing_waitsForTheNewsThatTheConnectionIsLost() {
    attempt.streamClosed(Status.UNAVAILABLE);
    assertThat(retry().hasResult()).isFalse();

    used.idle();

    assertThat(retry().getSubchannel()).isNotNull().isNotSameAs(used);
  }

  @Test
  void retry_serverSaidNothingAndNoNewsCome_isRefused() {
    attempt.streamClosed(Status.UNAVAILABLE.withDescription("reset"));
    assertThat(retry().hasResult()).isFalse();

    fixture.helper.clock().advance(PATIENCE);

    assertThat(retry().isDrop()).isTrue();
    assertThat(retry().getStatus().getDescription()).contains("reset").contains("used up");
  }

  @Test
  void retry_serverSaidUnavailable_isRefusedAtOnce() {
    attempt.inboundTrailers(new Metadata());
    attempt.streamClosed(Status.UNAVAILABLE);

    assertThat(retry().isDrop()).isTrue();
  }

  private PickResult retry() {
    PickSubchannelArgs call = FakeHelper.call(options);
    call.getHeaders().put(PREVIOUS_ATTEMPTS, "1");
    return fixture.helper.pick(call);
  }
}
