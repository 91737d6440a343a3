package io.evenkeel.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.TestDiscovery;
import io.evenkeel.retry.ScriptedBalancer.Pick;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What gRPC does with the picks of retries and hedges. None of it is promised, and how the balancer
 * holds further attempts back rests on it: when gRPC changes its mind, this tells.
 */
final class GrpcRetryFactsTest {
  private static final Status REFUSED = Status.UNAVAILABLE.withDescription("refused by the pick");
  private static final CallOptions.Key<@Nullable Object> HOLDER = CallOptions.Key.create("holder");
  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** So long that a test in which it passes has failed. */
  private static final String NEVER = "600s";

  private final EchoServer first = EchoServer.inProcess();
  private final EchoServer second = EchoServer.inProcess();
  private final BlockingQueue<StreamObserver<String>> held = new LinkedBlockingQueue<>();
  private final ScriptedBalancer balancer =
      new ScriptedBalancer(pick -> pick.to(Math.min(1, pick.previousAttempts())));
  private @Nullable ManagedChannel channel;

  @AfterEach
  void stop() {
    if (channel != null) {
      Channels.close(channel);
    }
    balancer.close();
    first.close();
    second.close();
  }

  @Test
  void retry_pickDrops_endsTheCallForGood() throws Exception {
    first.fail(Status.UNAVAILABLE);
    ManagedChannel channel = retrying(furtherAttempts(pick -> PickResult.withDrop(REFUSED)));

    Status end = end(start(channel));

    assertThat(end.getDescription()).isEqualTo(REFUSED.getDescription());
    assertThat(balancer.attempts()).containsExactly(0, 1);
  }

  /** The difference between a drop and a failure. */
  @Test
  void retry_pickFails_isTriedAgain() throws Exception {
    first.fail(Status.UNAVAILABLE);
    ManagedChannel channel = retrying(furtherAttempts(pick -> PickResult.withError(REFUSED)));

    Status end = end(start(channel));

    assertThat(end.getDescription()).isEqualTo(REFUSED.getDescription());
    assertThat(balancer.attempts()).containsExactly(0, 1, 2, 3);
  }

  /** A hedge must therefore never be dropped: it would take the attempt along that is at work. */
  @Test
  void hedge_pickDrops_endsTheCallAndTheFirstAttempt() throws Exception {
    CountDownLatch cancelled = hold(first);
    ManagedChannel channel =
        hedging("0.01s", furtherAttempts(onceHeld(pick -> PickResult.withDrop(REFUSED))));

    Status end = end(start(channel));

    assertThat(end.getDescription()).isEqualTo(REFUSED.getDescription());
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void hedge_pickFailsWithANonFatalStatus_theFirstGoesOn() throws Exception {
    hold(first);
    ManagedChannel channel =
        hedging("0.01s", furtherAttempts(pick -> PickResult.withError(REFUSED)));

    Future<String> call = start(channel);
    Eventually.await("every hedge was refused", () -> balancer.attempts().contains(3));
    first.succeed(held.take());

    assertThat(call.get()).isEqualTo(first.name());
  }

  @Test
  void hedge_pickFailsWithAFatalStatus_endsTheCallAndTheFirstAttempt() throws Exception {
    CountDownLatch cancelled = hold(first);
    Status fatal = Status.RESOURCE_EXHAUSTED.withDescription("fatal");
    ManagedChannel channel =
        hedging("0.01s", furtherAttempts(onceHeld(pick -> PickResult.withError(fatal))));

    Status end = end(start(channel));

    assertThat(end.getDescription()).isEqualTo("fatal");
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void hedge_pickHasNoResult_isGoneOnceTheFirstIsAnswered() throws Exception {
    Object holder = new Object();
    // On the thread of the answer, so that what it cancels is cancelled when it returns.
    CallOptions options =
        CallOptions.DEFAULT.withOption(HOLDER, holder).withExecutor(Runnable::run);
    hold(first);
    ManagedChannel channel = hedging("0.01s", furtherAttempts(pick -> PickResult.withNoResult()));

    Future<String> call = start(channel, options);
    Eventually.await("every hedge waits", () -> balancer.attempts().contains(3));
    first.succeed(held.take());
    assertThat(call.get()).isEqualTo(first.name());
    int before = balancer.picks().size();
    balancer.publish(pick -> pick.to(1));
    assertThat(Echo.call(channel)).isEqualTo(second.name()); // by the picker just published

    assertThat(balancer.picks().stream().skip(before))
        .isNotEmpty()
        .noneMatch(pick -> pick.options().getOption(HOLDER) == holder);
  }

  @Test
  void hedge_pickHasNoResult_goesOutWithALaterPicker() throws Exception {
    CountDownLatch cancelled = hold(first);
    ManagedChannel channel = hedging("0.01s", furtherAttempts(pick -> PickResult.withNoResult()));

    Future<String> call = start(channel);
    Eventually.await("a hedge waits", () -> balancer.attempts().contains(1));
    balancer.publish(pick -> pick.to(1));

    assertThat(call.get()).isEqualTo(second.name());
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void retry_everyAttempt_seesTheHolderOfTheCallAndItsNumber() throws Exception {
    Object holder = new Object();
    List<Object> seenByTracers = new CopyOnWriteArrayList<>();
    first.fail(Status.UNAVAILABLE);
    ManagedChannel channel = retrying(pick -> pick.to(0, tracers(seenByTracers)));

    Status end = end(start(channel, CallOptions.DEFAULT.withOption(HOLDER, holder)));

    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(balancer.attempts()).containsExactly(0, 1, 2, 3);
    assertThat(balancer.picks()).allMatch(pick -> pick.options().getOption(HOLDER) == holder);
    assertThat(seenByTracers).hasSize(4).allMatch(seen -> seen == holder);
  }

  @Test
  void hedge_everyAttempt_seesTheHolderOfTheCallAndItsNumber() throws Exception {
    Object holder = new Object();
    List<Object> seenByTracers = new CopyOnWriteArrayList<>();
    hold(first);
    ManagedChannel channel = hedging("0.01s", pick -> pick.to(0, tracers(seenByTracers)));

    Future<String> call = start(channel, CallOptions.DEFAULT.withOption(HOLDER, holder));
    Eventually.await("every hedge is under way", () -> held.size() == 4);
    first.succeed(held.take());

    assertThat(call.get()).isEqualTo(first.name());
    assertThat(balancer.attempts()).containsExactly(0, 1, 2, 3);
    assertThat(balancer.picks()).allMatch(pick -> pick.options().getOption(HOLDER) == holder);
    assertThat(seenByTracers).hasSize(4).allMatch(seen -> seen == holder);
  }

  @Test
  void retry_serverPushesBack_isNotMade() throws Exception {
    pushBack(first, Status.UNAVAILABLE, "-1");
    ManagedChannel channel = retrying(pick -> pick.to(0));

    Status end = end(start(channel));

    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(balancer.attempts()).containsExactly(0);
  }

  /** The server has asked for it, so gRPC does not look at the status. */
  @Test
  void retry_serverNamesADelay_isMadeWhateverTheStatus() throws Exception {
    pushBack(first, Status.NOT_FOUND, "0");
    ManagedChannel channel = retrying(pick -> pick.to(Math.min(1, pick.previousAttempts())));

    assertThat(start(channel).get()).isEqualTo(second.name());
  }

  @Test
  void hedge_serverPushesBack_isNotMade() throws Exception {
    pushBack(first, Status.UNAVAILABLE, "-1");
    ManagedChannel channel = hedging(NEVER, pick -> pick.to(0));

    Status end = end(start(channel));

    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(balancer.attempts()).containsExactly(0);
  }

  @Test
  void hedge_serverNamesADelay_isMadeThenInsteadOfAfterItsOwn() throws Exception {
    pushBack(first, Status.UNAVAILABLE, "0");
    ManagedChannel channel = hedging(NEVER, pick -> pick.to(Math.min(1, pick.previousAttempts())));

    assertThat(start(channel).get()).isEqualTo(second.name());
  }

  /** gRFC A6 wants it to wait. That is why the balancer holds it back itself. */
  @Test
  void hedge_serverNamesALongDelay_isMadeAtOnceAllTheSame() throws Exception {
    pushBack(first, Status.UNAVAILABLE, "600000");
    ManagedChannel channel = hedging(NEVER, pick -> pick.to(Math.min(1, pick.previousAttempts())));

    assertThat(start(channel).get()).isEqualTo(second.name());
  }

  private ManagedChannel retrying(Function<Pick, PickResult> script) {
    return channel(
        "retryPolicy",
        Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.001s",
            "maxBackoff",
            "0.001s",
            "backoffMultiplier",
            1.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE")),
        script);
  }

  private ManagedChannel hedging(String delay, Function<Pick, PickResult> script) {
    return channel(
        "hedgingPolicy",
        Map.of(
            "maxAttempts",
            4.0,
            "hedgingDelay",
            delay,
            "nonFatalStatusCodes",
            List.of("UNAVAILABLE")),
        script);
  }

  private ManagedChannel channel(
      String kind, Map<String, ?> policy, Function<Pick, PickResult> script) {
    balancer.publish(script);
    ManagedChannel built =
        InProcessChannelBuilder.forTarget(TestDiscovery.inProcess(first, second).target())
            .enableRetry()
            .defaultServiceConfig(balancer.serviceConfig(kind, policy))
            .build();
    channel = built;
    return built;
  }

  /** The first attempt goes to the first server; {@code script} answers for the others. */
  private static Function<Pick, PickResult> furtherAttempts(Function<Pick, PickResult> script) {
    return pick -> pick.previousAttempts() == 0 ? pick.to(0) : script.apply(pick);
  }

  /** Answers by {@code script} as soon as a server is at work on an attempt before. */
  private Function<Pick, PickResult> onceHeld(Function<Pick, PickResult> script) {
    return pick -> {
      Eventually.await("an attempt is at work", () -> !held.isEmpty());
      return script.apply(pick);
    };
  }

  private static ClientStreamTracer.Factory tracers(List<Object> holders) {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(
          ClientStreamTracer.StreamInfo info, Metadata headers) {
        Object holder = info.getCallOptions().getOption(HOLDER);
        holders.add(holder == null ? "none" : holder);
        return new ClientStreamTracer() {};
      }
    };
  }

  /** Keeps the answers of {@code server} back; the latch tells that a call of it was cancelled. */
  private CountDownLatch hold(EchoServer server) {
    CountDownLatch cancelled = new CountDownLatch(1);
    server.behave(
        (request, answer) -> {
          ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(cancelled::countDown);
          held.add(answer);
        });
    return cancelled;
  }

  private static void pushBack(EchoServer server, Status status, String millis) {
    Metadata trailers = new Metadata();
    trailers.put(PUSH_BACK, millis);
    server.behave((request, answer) -> answer.onError(new StatusException(status, trailers)));
  }

  private static Future<String> start(ManagedChannel channel) {
    return start(channel, CallOptions.DEFAULT);
  }

  private static Future<String> start(ManagedChannel channel, CallOptions options) {
    CallOptions bounded = options.withDeadlineAfter(10, TimeUnit.SECONDS);
    return ClientCalls.futureUnaryCall(channel.newCall(Echo.SAY, bounded), "hello");
  }

  private static Status end(Future<String> call) throws InterruptedException {
    try {
      throw new AssertionError("answered by " + call.get());
    } catch (ExecutionException e) {
      return ((StatusRuntimeException) e.getCause()).getStatus();
    }
  }
}
