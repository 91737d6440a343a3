package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.load.ReportService;
import io.evenkeel.load.Reports;
import io.evenkeel.testkit.Await;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real servers report their load to a real channel. */
final class LoadReportsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final List<Server> servers = new ArrayList<>();
  private final List<AtomicInteger> calls = new ArrayList<>();
  private ManagedChannel channel;

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    for (Server server : servers) {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void trailers_withReports_weighTheServers() throws Exception {
    startServer(new ReportingInterceptor(900));
    startServer(new ReportingInterceptor(100));
    connect(Map.of("blackoutPeriod", "0s", "weightUpdatePeriod", "0.1s"));

    Await.until(BOUND, () -> call(100), LoadReportsTest::isNineToOne);

    assertThat(call(100)).satisfies(counts -> assertThat(isNineToOne(counts)).isTrue());
  }

  @Test
  void stream_withReports_weighsTheServersAndEndsWithTheChannel() throws Exception {
    ReportService large = new ReportService().startingWith(Reports.ofWeight(900));
    ReportService small = new ReportService().startingWith(Reports.ofWeight(100));
    startServer(builder -> builder.addService(large));
    startServer(builder -> builder.addService(small));
    connect(
        Map.of("blackoutPeriod", "0s", "weightUpdatePeriod", "0.1s", "enableOobLoadReport", true));

    Await.until(BOUND, () -> call(100), LoadReportsTest::isNineToOne);

    assertThat(call(100)).satisfies(counts -> assertThat(isNineToOne(counts)).isTrue());
    assertThat(large.intervals()).containsExactly(Duration.ofSeconds(10));
    channel.shutdown();
    Await.until(BOUND, () -> large.open() + small.open(), open -> open == 0);
  }

  private static boolean isNineToOne(int[] counts) {
    return counts[0] >= 85 && counts[0] <= 95;
  }

  private interface Extension {
    void extend(ServerBuilder<?> builder);
  }

  private void startServer(ServerInterceptor interceptor) throws Exception {
    startServer(builder -> builder.intercept(interceptor));
  }

  private void startServer(Extension extension) throws Exception {
    AtomicInteger served = new AtomicInteger();
    ServerBuilder<?> builder =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new HealthStatusManager().getHealthService())
            .intercept(new CountingInterceptor(served));
    extension.extend(builder);
    servers.add(builder.build().start());
    calls.add(served);
  }

  private void connect(Map<String, ?> policyConfig) {
    String target =
        "fixed:///127.0.0.1:" + servers.get(0).getPort() + ",127.0.0.1:" + servers.get(1).getPort();
    channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
            .defaultServiceConfig(
                Map.of(
                    "loadBalancingConfig",
                    List.of(
                        Map.of(
                            "evenkeel",
                            Map.of("policy", Map.of("weighted_round_robin", policyConfig))))))
            .build();
  }

  /** How many of {@code total} calls each server serves. */
  private int[] call(int total) {
    calls.forEach(served -> served.set(0));
    for (int i = 0; i < total; i++) {
      HealthGrpc.newBlockingStub(channel)
          .withWaitForReady()
          .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS)
          .check(HealthCheckRequest.getDefaultInstance());
    }
    return calls.stream().mapToInt(AtomicInteger::get).toArray();
  }

  /** Counts calls of the health service. */
  private record CountingInterceptor(AtomicInteger served) implements ServerInterceptor {
    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      if (call.getMethodDescriptor().equals(HealthGrpc.getCheckMethod())) {
        served.incrementAndGet();
      }
      return next.startCall(call, headers);
    }
  }

  /** Ends each call with the same report. */
  private record ReportingInterceptor(double weight) implements ServerInterceptor {
    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
              trailers.merge(Reports.trailers(Reports.ofWeight(weight)));
              super.close(status, trailers);
            }
          },
          headers);
    }
  }
}
