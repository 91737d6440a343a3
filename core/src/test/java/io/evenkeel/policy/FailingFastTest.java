package io.evenkeel.policy;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.leastrequest.LeastRequestPolicyProvider;
import io.evenkeel.policy.peakewma.PeakEwmaPolicyProvider;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An endpoint that fails at once is always idle, and must not draw calls by it. */
final class FailingFastTest {
  private static final int SECONDS = 20;
  private static final int CALLS_PER_SECOND = 500;
  private static final int ENDPOINTS = 5;
  private static final Duration ANSWER = Duration.ofMillis(10);

  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError(thrown);
          });

  static Stream<Arguments> policies() {
    return Stream.of(
        Arguments.of(new LeastRequestPolicyProvider(), Map.of()),
        Arguments.of(new LeastRequestPolicyProvider(), Map.of("choiceCount", 5.0)),
        Arguments.of(new LeastRequestPolicyProvider(), Map.of("fullScan", true)),
        Arguments.of(new PeakEwmaPolicyProvider(), Map.of()));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void pick_oneOfFiveFailsAtOnce_neverGetsMoreThanItsShare(
      PolicyProvider provider, Map<String, ?> settings) {
    Rotation rotation = TestCandidate.rotation(ENDPOINTS);
    Picker picker = policy(provider, settings).newPicker(rotation);

    for (int second = 0; second < SECONDS; second++) {
      int[] calls = new int[ENDPOINTS];
      for (int i = 0; i < CALLS_PER_SECOND; i++) {
        call(picker, rotation, calls);
        clock.advance(Duration.ofSeconds(1).dividedBy(CALLS_PER_SECOND));
      }

      assertThat(calls[0])
          .as("calls in second %d: %s", second, Arrays.toString(calls))
          .isLessThanOrEqualTo(CALLS_PER_SECOND / ENDPOINTS);
    }
  }

  /** The first endpoint fails at once, the others answer. */
  private void call(Picker picker, Rotation rotation, int[] calls) {
    Candidate chosen = picker.pick(Picks.CALL);
    int index = Picks.indexOf(rotation, chosen);
    calls[index]++;
    ClientStreamTracer tracer =
        chosen.load().newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    if (index == 0) {
      tracer.streamClosed(Status.UNAVAILABLE);
    } else {
      context.schedule(() -> tracer.streamClosed(Status.OK), ANSWER.toNanos(), NANOSECONDS, clock);
    }
  }

  private Policy policy(PolicyProvider provider, Map<String, ?> settings) {
    PolicyTimer timer = (task, delay) -> context.schedule(task, delay, NANOSECONDS, clock);
    return provider
        .configure(new ConfigReader(provider.name(), settings))
        .newPolicy(new PolicyContext(new SplittableRandom(7), clock, timer));
  }
}
