package io.evenkeel.policy.peakewma;

import static io.evenkeel.policy.Picks.chiSquare;
import static io.evenkeel.policy.Picks.count;
import static io.evenkeel.policy.TestCandidate.rotation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.load.CallAttempts;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Picks;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PeakEwmaPolicyTest {
  private final FakeClock clock = new FakeClock();

  @Test
  void pick_nothingKnown_takesEachAlike() {
    Rotation rotation = rotation(10);

    int[] counts = count(100_000, picker(rotation), rotation);

    assertThat(chiSquare(counts)).isLessThan(27.9);
  }

  @Test
  void pick_oneSlowAnswer_isAvoidedAtOnce() {
    Rotation rotation = rotation(2);
    Picker picker = picker(rotation);
    call(rotation.get(0), 10, Status.OK);
    call(rotation.get(1), 10, Status.OK);

    call(rotation.get(0), 2000, Status.OK);

    assertThat(count(1000, picker, rotation)).containsExactly(0, 1000);
  }

  @Test
  void pick_slowAnswerLongAgo_isTriedAgain() {
    Rotation rotation = rotation(2);
    Picker picker = picker(rotation);
    call(rotation.get(0), 2000, Status.OK);
    for (int second = 0; second < 60; second++) {
      call(rotation.get(1), 10, Status.OK);
      clock.advance(Duration.ofSeconds(1));
    }

    // 2000 ms have decayed to less than 5 ms.
    assertThat(count(1000, picker, rotation)[0]).isPositive();
  }

  @Test
  void pick_oneFailsFast_drawsNoTraffic() {
    Rotation rotation = rotation(10);
    Picker picker = picker(rotation);
    int[] counts = new int[10];

    for (int i = 0; i < 10_000; i++) {
      Candidate candidate = picker.pick(Picks.CALL);
      int index = indexOf(rotation, candidate);
      counts[index]++;
      call(candidate, index == 0 ? 1 : 20, index == 0 ? Status.UNAVAILABLE : Status.OK);
    }

    // Two hundred seconds of calls: it is tried about once a minute.
    assertThat(counts[0]).isBetween(1, 20);
  }

  @Test
  void pick_oneHangs_losesItsTrafficBeforeItAnswers() {
    Rotation rotation = rotation(10);
    Picker picker = picker(rotation);
    for (int i = 0; i < 10; i++) {
      call(rotation.get(i), 20, Status.OK);
    }
    int[] counts = new int[10];

    for (int i = 0; i < 3000; i++) {
      Candidate candidate = picker.pick(Picks.CALL);
      int index = indexOf(rotation, candidate);
      counts[index]++;
      ClientStreamTracer call = start(candidate);
      clock.advance(Duration.ofMillis(1));
      if (index != 0) {
        call.streamClosed(Status.OK);
      }
    }

    assertThat(counts[0]).isLessThan(30);
  }

  @Test
  void pick_newEndpoint_getsOneCallUntilItAnswers() {
    Rotation rotation = rotation(2);
    Picker picker = picker(rotation);
    call(rotation.get(0), 10, Status.OK);

    assertThat(count(100, picker, rotation)).containsExactly(0, 100);
    ClientStreamTracer probe = start(rotation.get(1));
    assertThat(count(100, picker, rotation)).containsExactly(100, 0);
    clock.advance(Duration.ofMillis(5));
    probe.streamClosed(Status.OK);
    assertThat(count(100, picker, rotation)).containsExactly(0, 100);
  }

  @Test
  void pick_sameLatency_takesTheLessBusy() {
    Rotation rotation = rotation(2);
    Picker picker = picker(rotation);
    call(rotation.get(0), 10, Status.OK);
    call(rotation.get(1), 10, Status.OK);
    start(rotation.get(0));

    assertThat(count(100, picker, rotation)).containsExactly(0, 100);
  }

  @Test
  void pick_idleAndEquallyFastOfUnevenWeight_takesEachByItsWeight() {
    Rotation rotation = rotation(3, 1);
    Picker picker = picker(rotation);

    assertThat(count(100_000, picker, rotation)[0] / 100_000.0).isCloseTo(0.75, within(0.01));
  }

  @Test
  void newPicker_sameEndpoints_keepsWhatItKnows() {
    Rotation rotation = rotation(2);
    Policy policy = policy(Map.of());
    policy.newPicker(rotation);
    call(rotation.get(0), 2000, Status.OK);
    call(rotation.get(1), 10, Status.OK);

    Picker second = policy.newPicker(rotation);

    assertThat(count(1000, second, rotation)).containsExactly(0, 1000);
  }

  @Test
  void configure_penaltyOutOfRange_isRefused() {
    assertThatThrownBy(() -> policy(Map.of("penalty", "0s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("peak_ewma.penalty: \"0s\"");
  }

  private void call(Candidate candidate, long millis, Status status) {
    ClientStreamTracer tracer = start(candidate);
    clock.advance(Duration.ofMillis(millis));
    tracer.streamClosed(status);
  }

  private static ClientStreamTracer start(Candidate candidate) {
    StreamInfo info =
        StreamInfo.newBuilder()
            .setCallOptions(
                CallOptions.DEFAULT.withOption(
                    CallAttempts.KEY, new CallAttempts(MethodType.UNARY)))
            .build();
    ClientStreamTracer tracer = candidate.load().newClientStreamTracer(info, new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    return tracer;
  }

  private static int indexOf(Rotation rotation, Candidate candidate) {
    for (int i = 0; i < rotation.size(); i++) {
      if (rotation.get(i) == candidate) {
        return i;
      }
    }
    throw new AssertionError(candidate);
  }

  private Picker picker(Rotation rotation) {
    return policy(Map.of()).newPicker(rotation);
  }

  private Policy policy(Map<String, ?> config) {
    return new PeakEwmaPolicyProvider()
        .configure(new ConfigReader("peak_ewma", config))
        .newPolicy(new PolicyContext(new Random(42), clock));
  }
}
