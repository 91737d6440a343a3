package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.load.EndpointLoad;
import io.evenkeel.load.LoadMemory;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StatisticsMemoryTest {
  private static final BalancerConfig PEAK_EWMA =
      BalancerConfig.parse(Map.of("policy", Map.of("peak_ewma", Map.of())));
  private static final BalancerConfig ROUND_ROBIN = BalancerConfig.parse(Map.of());

  private final FakeHelper helper = new FakeHelper();
  private final LoadMemory memory = new LoadMemory(helper.clock());

  @Test
  void balancer_madeAgainAfterIdleness_knowsTheLatency() {
    EvenkeelBalancer first = newBalancer();
    accept(first, PEAK_EWMA, 1);
    call(Status.OK);

    helper.run(first::shutdown);
    accept(newBalancer(), PEAK_EWMA, 1);

    assertThat(averageMillis(load())).isEqualTo(40);
  }

  @Test
  void endpoint_leavesTheListAndReturns_isKnown() {
    EvenkeelBalancer balancer = newBalancer();
    accept(balancer, PEAK_EWMA, 1);
    call(Status.OK);
    accept(balancer, PEAK_EWMA, 2);

    accept(balancer, PEAK_EWMA, 1);

    assertThat(averageMillis(load())).isEqualTo(40);
  }

  @Test
  void endpoint_staysInTheList_keepsItsLatency() {
    EvenkeelBalancer balancer = newBalancer();
    accept(balancer, PEAK_EWMA, 1);
    call(Status.OK);
    EndpointLoad load = load();

    accept(balancer, PEAK_EWMA, 1, 2);

    assertThat(averageMillis(load)).isEqualTo(40);
  }

  @Test
  void failures_underAnyPolicy_areRemembered() {
    EvenkeelBalancer first = newBalancer();
    accept(first, ROUND_ROBIN, 1);
    call(Status.UNAVAILABLE);

    helper.run(first::shutdown);
    accept(newBalancer(), ROUND_ROBIN, 1);

    assertThat(load().failures()).isEqualTo(1);
  }

  @Test
  void policy_thatNeedsNoLatency_measuresNone() {
    EvenkeelBalancer balancer = newBalancer();
    accept(balancer, PEAK_EWMA, 1);

    accept(balancer, ROUND_ROBIN, 1);

    assertThat(load().latency()).isNull();
  }

  private EvenkeelBalancer newBalancer() {
    return new EvenkeelBalancer(
        helper,
        new PolicyContext(ScriptedRandom.of(0), helper.clock()),
        InstantSource.system(),
        memory);
  }

  private void accept(EvenkeelBalancer balancer, BalancerConfig config, int... ports) {
    ResolvedAddresses resolved =
        ResolvedAddresses.newBuilder()
            .setAddresses(Arrays.stream(ports).mapToObj(BalancerFixture::group).toList())
            .setAttributes(Attributes.EMPTY)
            .setLoadBalancingPolicyConfig(config)
            .build();
    helper.run(() -> balancer.acceptResolvedAddresses(resolved));
    helper.subchannels().get(helper.subchannels().size() - 1).ready();
    helper.clock().advance(BalancerFixture.COALESCING);
  }

  private EndpointLoad load() {
    return ((EndpointConnection) Objects.requireNonNull(helper.pick().getStreamTracerFactory()))
        .load();
  }

  /** A call that takes 40 ms. */
  private void call(Status status) {
    ClientStreamTracer tracer =
        load().newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    helper.clock().advance(Duration.ofMillis(40));
    tracer.streamClosed(status);
  }

  private double averageMillis(EndpointLoad load) {
    return Objects.requireNonNull(load.latency()).averageNanos(helper.clock().getAsLong()) / 1e6;
  }
}
