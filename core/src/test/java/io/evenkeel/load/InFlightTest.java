package io.evenkeel.load;

import static io.evenkeel.fixture.Channels.serviceConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.CallTracking;
import io.evenkeel.fixture.CapturingPolicy;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Attempts in flight over real channels. E1 to E3 are the cases in which grpc-java's own {@code
 * least_request} drifts: it counts when a stream is created and un-counts when it is closed, and
 * there are streams of which only one of both is told.
 */
final class InFlightTest {
  private static final int CALLS = 200;
  private static final int THREADS = 8;

  private final CapturingPolicy policy = new CapturingPolicy();
  private final List<EchoServer> servers = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private ManagedChannel channel;

  @BeforeEach
  void startServers() {
    for (int i = 0; i < 3; i++) {
      servers.add(EchoServer.inProcess());
    }
  }

  @AfterEach
  void stopAll() {
    if (channel != null) {
      Channels.close(channel);
    }
    servers.forEach(EchoServer::close);
    timer.shutdownNow();
    policy.close();
  }

  @Test
  void ok_manyCalls_leaveNothing() throws Exception {
    channel = tracked(Map.of());

    callManyTimes(() -> CallOptions.DEFAULT);

    assertNothingLeft();
  }

  @Test
  void running_isCountedUntilItEnds() {
    servers.forEach(EchoServer::hang);
    channel = tracked(Map.of());
    awaitAllInRotation();

    ClientCall<String, String> call = start(CallOptions.DEFAULT);
    Eventually.await("the call is counted", () -> policy.inFlight() == 1);

    call.cancel("enough", null);
    assertNothingLeft();
  }

  @Test
  void e1_credentialsFail_leaveNothing() throws Exception {
    channel = tracked(Map.of());

    callManyTimes(() -> CallOptions.DEFAULT.withCallCredentials(failing()));

    assertNothingLeft();
  }

  @Test
  void e1_credentialsFailOverTheNetwork_leaveNothing() throws Exception {
    replaceServersByNetty();
    channel = network().intercept(CallTracking.interceptor()).build();

    callManyTimes(() -> CallOptions.DEFAULT.withCallCredentials(failing()));

    assertNothingLeft();
  }

  @Test
  void e1_credentialsFailUntracked_leaveNothing() throws Exception {
    channel = untracked();

    callManyTimes(() -> CallOptions.DEFAULT.withCallCredentials(failing()));

    assertNothingLeft();
  }

  @Test
  void e2_deadlineBeforeSlowCredentials_leaveNothing() throws Exception {
    channel = tracked(Map.of());
    SlowCredentials slow = new SlowCredentials();

    callManyTimes(() -> impatient(slow));
    slow.apply();

    assertNothingLeft();
  }

  @Test
  void e2_deadlineBeforeSlowCredentialsOverTheNetwork_leaveNothing() throws Exception {
    replaceServersByNetty();
    channel = network().intercept(CallTracking.interceptor()).build();
    SlowCredentials slow = new SlowCredentials();

    callManyTimes(() -> impatient(slow));
    slow.apply();

    assertNothingLeft();
  }

  @Test
  void e2_untracked_isForgottenWithTheConnection() throws Exception {
    channel = untracked();
    awaitAllInRotation();
    SlowCredentials slow = new SlowCredentials();
    callManyTimes(() -> impatient(slow));
    slow.apply();
    assertThat(policy.inFlight()).as("what gRPC never closes").isPositive();

    servers.forEach(EchoServer::close);

    assertNothingLeft();
  }

  @Test
  void e3_cancelledWhileTheChannelProcessesItAgain_leavesNothing() {
    TestDiscovery discovery = TestDiscovery.inProcess();
    channel =
        Channels.inProcess(discovery, policy.config())
            .intercept(CallTracking.interceptor())
            .build();

    cancelWhilePicked(discovery);

    assertNothingLeft();
  }

  @Test
  void e3_untracked_isForgottenWithTheConnection() {
    TestDiscovery discovery = TestDiscovery.inProcess();
    channel = Channels.inProcess(discovery, policy.config()).build();
    cancelWhilePicked(discovery);
    Eventually.await("what gRPC never closes", () -> policy.inFlight() == 1);

    servers.forEach(EchoServer::close);

    assertNothingLeft();
  }

  @Test
  void retries_everyOtherAttemptFails_leaveNothing() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    servers.forEach(
        server ->
            server.behave(
                (request, answer) -> {
                  if (attempts.getAndIncrement() % 2 == 0) {
                    answer.onError(Status.UNAVAILABLE.asRuntimeException());
                  } else {
                    server.succeed(answer);
                  }
                }));
    channel =
        tracked(
            methodConfig(
                "retryPolicy",
                Map.of(
                    "maxAttempts",
                    4,
                    "initialBackoff",
                    "0.001s",
                    "maxBackoff",
                    "0.002s",
                    "backoffMultiplier",
                    1,
                    "retryableStatusCodes",
                    List.of("UNAVAILABLE"))));

    callManyTimes(() -> CallOptions.DEFAULT);

    assertThat(attempts.get()).isGreaterThan(CALLS);
    assertNothingLeft();
  }

  @Test
  void hedging_losersAreCancelled_leaveNothing() throws Exception {
    EchoServer slow = servers.get(0);
    slow.behave(
        (request, answer) -> {
          var unused = timer.schedule(() -> slow.succeed(answer), 20, TimeUnit.MILLISECONDS);
        });
    channel =
        tracked(methodConfig("hedgingPolicy", Map.of("maxAttempts", 3, "hedgingDelay", "0.001s")));

    callManyTimes(() -> CallOptions.DEFAULT);

    assertThat(slow.calls()).isPositive();
    assertNothingLeft();
  }

  @Test
  void connectionLost_runningUntracked_isForgotten() {
    servers.forEach(EchoServer::hang);
    channel = untracked();
    awaitAllInRotation();
    for (int i = 0; i < 30; i++) {
      start(CallOptions.DEFAULT);
    }
    Eventually.await("calls are counted", () -> policy.inFlight() == 30);

    servers.forEach(EchoServer::close);

    assertNothingLeft();
  }

  /** Cancels a call that waits for endpoints just when the channel gives it one. */
  private void cancelWhilePicked(TestDiscovery discovery) {
    ClientCall<String, String> waiting = start(CallOptions.DEFAULT.withWaitForReady());
    CountDownLatch cancelled = new CountDownLatch(1);
    policy.onPick(
        () -> {
          waiting.cancel("while picked", null);
          cancelled.countDown();
        });
    discovery.endpoints(servers.toArray(new EchoServer[0]));
    Eventually.await("the call was picked", () -> cancelled.getCount() == 0);
    awaitAllInRotation();
  }

  private void assertNothingLeft() {
    Eventually.await("nothing in flight, but " + policy.inFlight(), () -> policy.inFlight() == 0);
  }

  private void awaitAllInRotation() {
    channel.getState(true);
    Eventually.await("all are in rotation", () -> policy.rotationSize() == servers.size());
  }

  private void callManyTimes(Supplier<CallOptions> options) throws InterruptedException {
    awaitAllInRotation();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < CALLS; i++) {
      pool.execute(
          () -> {
            try {
              Echo.call(channel, options.get());
            } catch (StatusRuntimeException failed) {
              // What is left of it is what counts.
            }
          });
    }
    pool.shutdown();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private ClientCall<String, String> start(CallOptions options) {
    ClientCall<String, String> call = channel.newCall(Echo.SAY, options);
    var unused = ClientCalls.futureUnaryCall(call, "hello");
    return call;
  }

  private ManagedChannel tracked(Map<String, ?> further) {
    return Channels.inProcess(discovery(), policy.config())
        .defaultServiceConfig(serviceConfig(policy.config(), further))
        .intercept(CallTracking.interceptor())
        .build();
  }

  private ManagedChannel untracked() {
    return Channels.inProcess(discovery(), policy.config()).build();
  }

  private ManagedChannelBuilder<?> network() {
    TestDiscovery discovery = TestDiscovery.inet(servers.toArray(new EchoServer[0]));
    return Grpc.newChannelBuilder(discovery.target(), InsecureChannelCredentials.create())
        .defaultServiceConfig(serviceConfig(policy.config(), Map.of()));
  }

  private void replaceServersByNetty() {
    servers.forEach(EchoServer::close);
    servers.replaceAll(old -> EchoServer.netty());
  }

  private TestDiscovery discovery() {
    return TestDiscovery.inProcess(servers.toArray(new EchoServer[0]));
  }

  private static Map<String, ?> methodConfig(String policy, Map<String, ?> config) {
    return Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), policy, config)));
  }

  private static CallOptions impatient(CallCredentials credentials) {
    return CallOptions.DEFAULT
        .withCallCredentials(credentials)
        .withDeadlineAfter(10, TimeUnit.MILLISECONDS);
  }

  private static CallCredentials failing() {
    return new CallCredentials() {
      @Override
      public void applyRequestMetadata(
          RequestInfo call, Executor executor, MetadataApplier applier) {
        applier.fail(Status.UNAUTHENTICATED);
      }
    };
  }

  /** Credentials that are there only when the calls are long over. */
  private static final class SlowCredentials extends CallCredentials {
    private final List<MetadataApplier> waiting = new ArrayList<>();

    @Override
    public synchronized void applyRequestMetadata(
        RequestInfo call, Executor executor, MetadataApplier applier) {
      waiting.add(applier);
    }

    synchronized void apply() {
      waiting.forEach(applier -> applier.apply(new Metadata()));
    }
  }
}
