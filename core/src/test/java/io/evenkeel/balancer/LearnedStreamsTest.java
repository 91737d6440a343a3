package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSnapshot;
import io.evenkeel.load.CallAttempts;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What endpoints learn from calls that wait in the transport, on a fake channel. */
final class LearnedStreamsTest {
  private static final Map<String, ?> NOTHING = Map.of();

  @Test
  void stuck_callsBesideOthersThatRun_openTheNextConnection() {
    BalancerFixture fixture = ready(NOTHING);
    send(start(fixture, 10));
    start(fixture, 5);

    passTwoLooks(fixture);

    assertThat(fixture.helper.subchannels()).hasSize(2);
    assertThat(endpoint(fixture).queued()).isEqualTo(5);
    assertThat(endpoint(fixture).streamsPerConnection()).hasValue(10);
    assertThat(fixture.snapshot().toString())
        .contains("15, 5 queued")
        .contains("calls wait for a stream: the server takes 10 on a connection");
  }

  @Test
  void stuck_always_isToldOnce() {
    BalancerFixture fixture = ready(NOTHING);
    send(start(fixture, 10));
    start(fixture, 5);

    passTwoLooks(fixture);
    passTwoLooks(fixture);

    assertThat(fixture.events.stream().filter(event -> event.startsWith("queued")))
        .containsExactly(
            "queued 5 127.0.0.1:1: 5 calls wait for a stream: the server takes 10 at a time on its"
                + " connection; calls that follow go to a further connection");
  }

  @Test
  void stuck_andOneConnectionIsAllThereMayBe_saysWhatToConfigure() {
    BalancerFixture fixture = ready(Map.of("connections", Map.of("maxPerEndpoint", 1)));
    send(start(fixture, 10));
    start(fixture, 1);

    passTwoLooks(fixture);

    assertThat(fixture.events)
        .contains(
            "queued 1 127.0.0.1:1: 1 call waits for a stream: the server takes 10 at a time on its"
                + " connection; raise connections.maxPerEndpoint (1) or the server's"
                + " MAX_CONCURRENT_STREAMS");
    assertThat(start(fixture, 20)).hasSize(20);
  }

  @Test
  void learned_bound_callsGoToTheNewConnection() {
    BalancerFixture fixture = ready(NOTHING);
    send(start(fixture, 10));
    start(fixture, 5);
    passTwoLooks(fixture);
    newest(fixture).ready();
    fixture.passCoalescing();

    List<Call> later = start(fixture, 10);

    assertThat(later).allMatch(call -> call.subchannel() == newest(fixture));
  }

  @Test
  void learned_bound_growsWhenMoreLeave() {
    BalancerFixture fixture = ready(NOTHING);
    send(start(fixture, 10));
    List<Call> late = start(fixture, 5);
    passTwoLooks(fixture);
    newest(fixture).ready();
    send(late);
    send(start(fixture, 12));

    assertThat(endpoint(fixture).streamsPerConnection().getAsInt()).isGreaterThanOrEqualTo(11);
    assertThat(endpoint(fixture).queued()).isZero();
  }

  @Test
  void waiting_lessThanALook_changesNothing() {
    BalancerFixture fixture = ready(NOTHING);

    for (int i = 0; i < 20; i++) {
      List<Call> calls = start(fixture, 15);
      fixture.helper.clock().advance(QueueWatch.INTERVAL);
      send(calls);
    }

    assertThat(fixture.helper.subchannels()).hasSize(1);
    assertThat(fixture.events).noneMatch(event -> event.startsWith("queued"));
  }

  @Test
  void waiting_whileNothingLeaves_isToldAndTeachesNothing() {
    BalancerFixture fixture = ready(NOTHING);
    start(fixture, 5);

    passTwoLooks(fixture);

    assertThat(fixture.helper.subchannels()).hasSize(1);
    assertThat(endpoint(fixture).streamsPerConnection()).isEmpty();
    assertThat(fixture.events)
        .anyMatch(event -> event.endsWith("the network or the server stands still"));
  }

  @Test
  void cancelled_callThatGrpcNeverCloses_waitsNoMore() {
    BalancerFixture fixture = ready(NOTHING);
    Call dropped = start(fixture, 1).get(0);
    assertThat(endpoint(fixture).queued()).isEqualTo(1);

    dropped.call().close();

    assertThat(endpoint(fixture).queued()).isZero();
  }

  @Test
  void shutdown_whileCallsWait_leavesNoTimer() {
    BalancerFixture fixture = ready(NOTHING);
    send(start(fixture, 10));
    start(fixture, 5);
    passTwoLooks(fixture);

    fixture.shutdown();

    assertThat(fixture.helper.subchannels()).allMatch(FakeSubchannel::isShutdown);
    assertThat(fixture.helper.clock().waiting()).isZero();
  }

  @Test
  void silence_afterCalls_leavesNoTimer() {
    BalancerFixture fixture = ready(NOTHING);
    int before = fixture.helper.clock().waiting();
    start(fixture, 3).forEach(Call::end);

    passTwoLooks(fixture);

    assertThat(fixture.helper.clock().waiting()).isEqualTo(before);
  }

  private static BalancerFixture ready(Map<String, ?> evenkeel) {
    BalancerFixture fixture = new BalancerFixture();
    fixture.config(evenkeel).accept(1);
    fixture.readyAll();
    fixture.passCoalescing();
    return fixture;
  }

  private static EndpointSnapshot endpoint(BalancerFixture fixture) {
    return fixture.snapshot().endpoints().get(0);
  }

  private static FakeSubchannel newest(BalancerFixture fixture) {
    return fixture.helper.subchannels().get(fixture.helper.subchannels().size() - 1);
  }

  /** Long enough for a call that waits to be seen twice. */
  private static void passTwoLooks(BalancerFixture fixture) {
    fixture.helper.clock().advance(QueueWatch.INTERVAL);
    fixture.helper.clock().advance(QueueWatch.INTERVAL);
  }

  /** Starts {@code count} calls; their headers do not leave yet. */
  private static List<Call> start(BalancerFixture fixture, int count) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CallAttempts call = new CallAttempts(MethodType.UNARY);
      CallOptions options = CallOptions.DEFAULT.withOption(CallAttempts.KEY, call);
      PickResult result = fixture.helper.pick(options);
      ClientStreamTracer tracer =
          result
              .getStreamTracerFactory()
              .newClientStreamTracer(
                  ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(options).build(),
                  new Metadata());
      tracer.streamCreated(Attributes.EMPTY, new Metadata());
      calls.add(new Call((FakeSubchannel) result.getSubchannel(), tracer, call));
    }
    return calls;
  }

  private static void send(List<Call> calls) {
    calls.forEach(call -> call.tracer().outboundHeaders());
  }

  private record Call(FakeSubchannel subchannel, ClientStreamTracer tracer, CallAttempts call) {
    void end() {
      tracer.outboundHeaders();
      tracer.streamClosed(Status.OK);
      call.close();
    }
  }
}
