package io.evenkeel.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a tracer is told of streams above MAX_CONCURRENT_STREAMS, which wait in the transport. */
final class GrpcStreamFactsTest {
  private static final int STREAMS = 2;
  private static final int CALLS = 6;

  private final BlockingQueue<StreamObserver<String>> held = new LinkedBlockingQueue<>();
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger created = new AtomicInteger();
  private final List<Integer> answeredWhenHeadersLeft = new CopyOnWriteArrayList<>();

  @Test
  void outboundHeaders_connectionIsFull_areToldOnceTheStreamLeavesTheTransport() throws Exception {
    Server server = serve();
    ManagedChannel channel = null;
    try (ScriptedBalancer balancer = new ScriptedBalancer(pick -> pick.to(0, tracers()))) {
      channel = connect(server, balancer);
      List<Future<String>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(start(channel));
      }
      Eventually.await("every stream is created", () -> created.get() == CALLS);
      await(STREAMS);

      for (int answer = 1; answer <= CALLS; answer++) {
        answered.incrementAndGet();
        StreamObserver<String> call = held.take();
        call.onNext("answer");
        call.onCompleted();
        await(Math.min(CALLS, STREAMS + answer));
      }

      for (Future<String> call : calls) {
        assertThat(call.get()).isEqualTo("answer");
      }
      assertThat(answeredWhenHeadersLeft).containsExactly(0, 0, 1, 2, 3, 4);
    } finally {
      if (channel != null) {
        Channels.close(channel);
      }
      server.shutdownNow();
      assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void await(int calls) {
    Eventually.await("the server has " + calls + " calls", () -> received.get() == calls);
  }

  private Server serve() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return NettyServerBuilder.forAddress(anyPort)
        .maxConcurrentCallsPerConnection(STREAMS)
        .addService(
            ServerServiceDefinition.builder("test.Echo")
                .addMethod(
                    Echo.SAY,
                    ServerCalls.asyncUnaryCall(
                        (request, answer) -> {
                          held.add(answer);
                          received.incrementAndGet();
                        }))
                .build())
        .build()
        .start();
  }

  private static ManagedChannel connect(Server server, ScriptedBalancer balancer) {
    TestDiscovery discovery =
        TestDiscovery.inet()
            .groups(List.of(Endpoint.of(server.getListenSockets().get(0)).toAddressGroup()));
    return NettyChannelBuilder.forTarget(discovery.target())
        .usePlaintext()
        .defaultServiceConfig(balancer.serviceConfig("waitForReady", true))
        .build();
  }

  private static Future<String> start(ManagedChannel channel) {
    CallOptions bounded = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    return ClientCalls.futureUnaryCall(channel.newCall(Echo.SAY, bounded), "hello");
  }

  private ClientStreamTracer.Factory tracers() {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(
          ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new Tracer();
      }
    };
  }

  private final class Tracer extends ClientStreamTracer {
    @Override
    public void streamCreated(Attributes transport, Metadata headers) {
      created.incrementAndGet();
    }

    @Override
    public void outboundHeaders() {
      answeredWhenHeadersLeft.add(answered.get());
    }
  }
}
