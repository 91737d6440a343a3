package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.load.CallAttempts;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many connections endpoints have, and how old those get, on a fake channel. */
final class ConnectionSetTest {
  private static final Status REFUSED = Status.UNAVAILABLE.withDescription("refused");

  @Test
  void half_ofTheStreams_opensTheNextConnection() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));

    start(fixture, 1);
    assertThat(fixture.helper.subchannels()).hasSize(1);
    start(fixture, 1);

    assertThat(fixture.helper.subchannels()).hasSize(2);
  }

  @Test
  void full_connection_isPassedByForTheNext() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));
    start(fixture, 4);
    newest(fixture).ready();
    fixture.passCoalescing();

    List<FakeSubchannel> used = connectionsOf(start(fixture, 2));

    assertThat(used).containsOnly(fixture.helper.subchannels().get(1));
    assertThat(fixture.snapshot().endpoints().get(0).connections()).isEqualTo(2);
    assertThat(fixture.snapshot().endpoints().get(0).limit()).isEqualTo(OptionalInt.of(8));
    assertThat(fixture.snapshot().toString()).contains("6 of 8 on 2 connections");
  }

  @Test
  void full_whileTheNextIsMade_callsWait() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));

    start(fixture, 4);

    assertThat(fixture.helper.pick()).isEqualTo(PickResult.withNoResult());
  }

  @Test
  void full_andNoMoreMayBeMade_callsFailAtOnce() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4, "maxPerEndpoint", 1));

    start(fixture, 4);

    PickResult refused = fixture.helper.pick();
    assertThat(refused.isDrop()).isTrue();
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription())
        .isEqualTo(
            "target \"fake:///service\": every endpoint that could take the call has as many in"
                + " flight as it may have");
  }

  @Test
  void ended_calls_makeRoom() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4, "maxPerEndpoint", 1));
    List<Call> calls = start(fixture, 4);

    calls.get(0).end();

    assertThat(start(fixture, 1).get(0).subchannel()).isSameAs(fixture.subchannel(1));
  }

  @Test
  void hundredSlowCalls_tenStreamsEach_runOnTenConnections() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 10, "maxPerEndpoint", 10));

    List<Call> calls = new ArrayList<>();
    int up = 1;
    for (int i = 0; i < 100; i++) {
      calls.addAll(start(fixture, 1));
      if (fixture.helper.subchannels().size() > up) {
        newest(fixture).ready();
        up++;
      }
    }

    assertThat(connectionsOf(calls).stream().distinct()).hasSize(10);
    for (FakeSubchannel each : fixture.helper.subchannels()) {
      assertThat(connectionsOf(calls).stream().filter(each::equals)).hasSize(10);
    }
  }

  @Test
  void lost_oneOfTwo_theEndpointStays() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));
    start(fixture, 2);
    newest(fixture).ready();
    fixture.events.clear();

    fixture.helper.subchannels().get(0).idle();
    fixture.passCoalescing();

    assertThat(start(fixture, 1).get(0).subchannel()).isSameAs(fixture.helper.subchannels().get(1));
    assertThat(fixture.events).containsExactly("connections 1 127.0.0.1:1");
    assertThat(fixture.helper.subchannels().get(0).isShutdown()).isTrue();
  }

  @Test
  void lost_bothOfTwo_theEndpointIsConnectedAgain() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));
    start(fixture, 2);
    newest(fixture).ready();

    fixture.helper.subchannels().get(0).idle();
    fixture.helper.subchannels().get(1).idle();
    fixture.passCoalescing();
    fixture.helper.subchannels().get(1).ready();
    fixture.passCoalescing();

    assertThat(fixture.pick()).isEqualTo(1);
  }

  @Test
  void failed_further_changesNothing() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));
    start(fixture, 2);

    newest(fixture).fail(REFUSED);
    fixture.passCoalescing();

    assertThat(start(fixture, 1).get(0).subchannel()).isSameAs(fixture.helper.subchannels().get(0));
  }

  @Test
  void old_connection_isReplacedOnceTheNewOneIsUp() {
    BalancerFixture fixture = ready(Map.of("maxAge", "60s"));

    fixture.helper.clock().advance(Duration.ofSeconds(67));
    assertThat(fixture.helper.subchannels()).hasSize(2);
    assertThat(fixture.helper.subchannels().get(0).isShutdown()).isFalse();
    assertThat(start(fixture, 1).get(0).subchannel()).isSameAs(fixture.helper.subchannels().get(0));
    newest(fixture).ready();

    assertThat(fixture.helper.subchannels().get(0).isShutdown()).isTrue();
    assertThat(start(fixture, 1).get(0).subchannel()).isSameAs(fixture.helper.subchannels().get(1));
  }

  @Test
  void old_connections_areReplacedOneAtATime() {
    BalancerFixture fixture = new BalancerFixture(new Random(4));
    fixture.config(Map.of("connections", Map.of("maxAge", "60s"))).accept(1, 2, 3, 4, 5);
    fixture.readyAll();

    for (int replaced = 0; replaced < 5; replaced++) {
      fixture.helper.clock().advance(Duration.ofSeconds(67));
      assertThat(fixture.helper.subchannels()).hasSize(6 + replaced);
      newest(fixture).ready();
    }

    assertThat(fixture.helper.subchannels().stream().filter(each -> !each.isShutdown())).hasSize(5);
  }

  @Test
  void old_connectionWhoseSuccessorFails_servesOn() {
    BalancerFixture fixture = ready(Map.of("maxAge", "60s"));
    fixture.helper.clock().advance(Duration.ofSeconds(67));

    newest(fixture).fail(REFUSED);
    fixture.passCoalescing();
    assertThat(fixture.pick()).isEqualTo(1);
    fixture.helper.clock().advance(Duration.ofSeconds(10));

    assertThat(fixture.helper.subchannels()).hasSize(3);
  }

  @Test
  void old_connectionLostAfterItWasReplaced_changesNothing() {
    BalancerFixture fixture = ready(Map.of("maxAge", "60s"));
    fixture.helper.clock().advance(Duration.ofSeconds(67));
    newest(fixture).ready();
    fixture.events.clear();

    fixture.helper.subchannels().get(0).idleAfterShutdown();
    fixture.passCoalescing();

    assertThat(fixture.events).isEmpty();
    assertThat(start(fixture, 1).get(0).subchannel()).isSameAs(fixture.helper.subchannels().get(1));
  }

  @Test
  void old_connectionWhoseCallsLast_keepsNoCallFromTheNew() {
    BalancerFixture fixture = ready(Map.of("maxAge", "60s", "maxStreams", 4, "maxPerEndpoint", 1));
    start(fixture, 4);
    fixture.helper.clock().advance(Duration.ofSeconds(67));
    newest(fixture).ready();
    fixture.passCoalescing();

    List<FakeSubchannel> used = connectionsOf(start(fixture, 4));

    assertThat(used).containsOnly(newest(fixture));
    assertThat(fixture.helper.pick().isDrop()).isTrue();
  }

  @Test
  void old_furtherConnection_isReplacedToo() {
    BalancerFixture fixture = ready(Map.of("maxAge", "60s", "maxStreams", 4));
    List<Call> calls = start(fixture, 2);
    newest(fixture).ready();
    calls.forEach(Call::end);

    fixture.helper.clock().advance(Duration.ofSeconds(61));
    newest(fixture).ready();
    fixture.helper.clock().advance(Duration.ofSeconds(1));
    newest(fixture).ready();

    assertThat(fixture.helper.subchannels()).hasSize(4);
    assertThat(fixture.helper.subchannels().subList(0, 2)).allMatch(FakeSubchannel::isShutdown);
    assertThat(fixture.snapshot().endpoints().get(0).connections()).isEqualTo(2);
  }

  @Test
  void switchedOff_whileThereAreTwo_leavesOne() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4));
    start(fixture, 2);
    newest(fixture).ready();

    fixture.config(Map.of()).accept(1);

    assertThat(fixture.helper.subchannels().get(1).isShutdown()).isTrue();
    assertThat(start(fixture, 9)).hasSize(9);
  }

  @Test
  void shutdown_whileOneIsMade_leavesNothing() {
    BalancerFixture fixture = ready(Map.of("maxStreams", 4, "maxAge", "60s"));
    start(fixture, 2);

    fixture.shutdown();

    assertThat(fixture.helper.subchannels()).allMatch(FakeSubchannel::isShutdown);
    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  private static BalancerFixture ready(Map<String, Object> connections) {
    BalancerFixture fixture = new BalancerFixture();
    fixture.config(Map.of("connections", connections)).accept(1);
    fixture.readyAll();
    fixture.passCoalescing();
    return fixture;
  }

  private static FakeSubchannel newest(BalancerFixture fixture) {
    return fixture.helper.subchannels().get(fixture.helper.subchannels().size() - 1);
  }

  /** Starts {@code count} calls that last. */
  private static List<Call> start(BalancerFixture fixture, int count) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CallOptions options =
          CallOptions.DEFAULT.withOption(CallAttempts.KEY, new CallAttempts(MethodType.UNARY));
      PickResult result = fixture.helper.pick(options);
      ClientStreamTracer tracer =
          result
              .getStreamTracerFactory()
              .newClientStreamTracer(
                  ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(options).build(),
                  new Metadata());
      tracer.streamCreated(Attributes.EMPTY, new Metadata());
      calls.add(new Call((FakeSubchannel) result.getSubchannel(), tracer));
      fixture.helper.clock().advance(Duration.ofNanos(1));
    }
    return calls;
  }

  private static List<FakeSubchannel> connectionsOf(List<Call> calls) {
    return calls.stream().map(Call::subchannel).toList();
  }

  private record Call(FakeSubchannel subchannel, ClientStreamTracer tracer) {
    void end() {
      tracer.streamClosed(Status.OK);
    }
  }
}
