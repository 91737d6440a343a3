package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerView;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSnapshot;
import io.evenkeel.Evenkeel;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that takes ten calls on a connection at a time, and a client that does not know it. */
final class StreamLimitTest {
  private static final int STREAMS = 10;
  private static final int CALLS = 100;

  private final TrackedServer server = new TrackedServer(STREAMS);
  private final TestDiscovery discovery = TestDiscovery.inet();
  private final Recorder recorder = new Recorder();
  private final List<ListenableFuture<String>> calls = new ArrayList<>();
  private ManagedChannel channel;

  @AfterEach
  void stopAll() {
    Channels.close(channel);
    server.close();
  }

  @Test
  void defaults_hundredAtOnce_theSnapshotShowsWhatWaitsAndThoseThatFollowDoNot() throws Exception {
    connect(Map.of());

    startTogether(CALLS);
    Eventually.await("another connection is up", () -> recorder.connections.contains(2));

    awaitEndpoint("the bound is learnt", seen -> knows(seen, STREAMS));
    awaitEndpoint("what waits is shown", seen -> seen.queued() == CALLS - STREAMS);
    assertThat(server.running()).isEqualTo(STREAMS);
    assertThat(recorder.queued)
        .singleElement()
        .asString()
        .matches(
            "\\d+ calls wait for a stream: the server takes \\d+ at a time on its connection; calls"
                + " that follow go to a further connection");
    start(STREAMS);
    Eventually.await("those that follow run", () -> server.running() == 2 * STREAMS);
    finish();
  }

  @Test
  void defaults_channelOfGrpcsOwnBuilder_showsWhatWaits() throws Exception {
    channel =
        NettyChannelBuilder.forTarget(discovery.target())
            .usePlaintext()
            .defaultServiceConfig(Channels.serviceConfig(Map.of(), Map.of()))
            .setNameResolverArg(BalancerListener.KEY, recorder)
            .build();

    startTogether(CALLS);

    Eventually.await("another connection is up", () -> recorder.connections.contains(2));
    awaitEndpoint("what waits is shown", seen -> seen.queued() == CALLS - STREAMS);
    finish();
  }

  @Test
  void oneConnection_hundredAtOnce_saysWhatToConfigure() throws Exception {
    connect(Map.of("connections", Map.of("maxPerEndpoint", 1)));

    startTogether(CALLS);

    awaitEndpoint("what waits is shown", seen -> seen.queued() == CALLS - STREAMS);
    Eventually.await("it is told", () -> !recorder.queued.isEmpty());
    assertThat(recorder.queued.get(0))
        .endsWith("raise connections.maxPerEndpoint (1) or the server's MAX_CONCURRENT_STREAMS");
    finish();
  }

  @Test
  void maxStreams_hundredAtOnce_allRunAndNoneWaits() throws Exception {
    connect(Map.of("connections", Map.of("maxStreams", STREAMS, "maxPerEndpoint", 10)));

    startTogether(CALLS);

    Eventually.await("all run", () -> server.running() == CALLS);
    awaitEndpoint("none waits", seen -> seen.queued() == 0 && seen.connections() == 10);
    assertThat(recorder.queued).isEmpty();
    finish();
  }

  private void connect(Map<String, ?> evenkeel) {
    channel =
        Evenkeel.channel(discovery.target())
            .plaintext()
            .serviceConfig(Channels.serviceConfig(evenkeel, Map.of()))
            .listener(recorder)
            .build();
  }

  /** Starts {@code count} calls that last, all of them as soon as there is a connection. */
  private void startTogether(int count) {
    server.hold();
    start(count);
    discovery.groups(List.of(Endpoint.of(server.address()).toAddressGroup()));
  }

  private void start(int count) {
    CallOptions options =
        CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(60, TimeUnit.SECONDS);
    for (int i = 0; i < count; i++) {
      calls.add(ClientCalls.futureUnaryCall(channel.newCall(Echo.SAY, options), "hello"));
    }
  }

  /** Lets all calls end, and none of them fail. */
  private void finish() throws Exception {
    server.release();
    for (ListenableFuture<String> call : calls) {
      assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("served");
    }
    calls.clear();
  }

  private void awaitEndpoint(String what, Predicate<EndpointSnapshot> wanted) {
    Eventually.await(
        what, () -> recorder.balancer.snapshot().endpoints().stream().anyMatch(wanted));
  }

  private static boolean knows(EndpointSnapshot seen, int streams) {
    return seen.streamsPerConnection().equals(OptionalInt.of(streams));
  }

  private static final class Recorder implements BalancerListener {
    private final List<String> queued = new CopyOnWriteArrayList<>();
    private final List<Integer> connections = new CopyOnWriteArrayList<>();
    private volatile BalancerView balancer;

    @Override
    public void onStarted(BalancerView balancer) {
      this.balancer = balancer;
    }

    @Override
    public void onConnections(Endpoint endpoint, int connections) {
      this.connections.add(connections);
    }

    @Override
    public void onQueued(Endpoint endpoint, int queued, String why) {
      this.queued.add(why);
    }
  }
}
