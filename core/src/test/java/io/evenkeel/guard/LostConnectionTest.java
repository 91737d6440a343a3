package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.RetryPolicy;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.Relay;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that end while calls begin on them, and servers that say UNKNOWN. */
final class LostConnectionTest {
  private static final int CALLERS = 16;
  private static final int CUTS = 15;
  private static final int CALLS_BETWEEN = 12;
  private static final Metadata.Key<String> DETAIL =
      Metadata.Key.of("detail", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final EchoServer server = EchoServer.netty();
  private final List<Relay> relays =
      Stream.generate(() -> new Relay(server.port())).limit(3).toList();
  private final Map<String, Object> config = new HashMap<>();
  private final List<AtomicInteger> calls =
      Stream.generate(AtomicInteger::new).limit(CALLERS).toList();

  /** Of calls whose answer had not begun; gRPC tries no other call again (gRFC A6). */
  private final Collection<Status> failures = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    relays.forEach(Relay::close);
    server.close();
  }

  @Test
  void cutUnderLoad_retriesOnUnavailable_noCallFails() throws Exception {
    callWhileCutting(RetryPolicy.onUnavailable(5));

    assertThat(failures).isEmpty();
  }

  /** Only what is beside the budget is left. */
  @Test
  void cutUnderLoad_noRetryBudget_noCallFails() throws Exception {
    config.put("retryBudget", Map.of("percent", 0.0, "minPerSecond", 0.0));

    callWhileCutting(new RetryPolicy(2, tiny(), tiny(), 1, EnumSet.of(Status.Code.UNAVAILABLE)));

    assertThat(failures).isEmpty();
  }

  @Test
  void cutUnderLoad_noRetries_callsFailAsUnavailable() throws Exception {
    callWhileCutting(new RetryPolicy(2, tiny(), tiny(), 1, EnumSet.of(Status.Code.ABORTED)));

    assertThat(failures)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  @Test
  void serverSaysUnknown_retriesOnUnavailable_isNotTriedAgainAndTrailersAreTheServers() {
    answerUnknown("bad order");
    EvenkeelChannel channel = channel(RetryPolicy.onUnavailable(3));

    assertThatThrownBy(() -> Echo.call(channel))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
              assertThat(failure.getTrailers().get(DETAIL)).isEqualTo("bad order");
              assertThat(failure.getTrailers().containsKey(PUSH_BACK)).isFalse();
            });
    assertThat(server.calls()).isEqualTo(1);
    Channels.close(channel);
  }

  @Test
  void serverSaysUnknown_retriesOnUnknownToo_isTriedAgain() {
    answerUnknown("bad order");
    EvenkeelChannel channel =
        channel(
            new RetryPolicy(
                3, tiny(), tiny(), 1, EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN)));

    assertThatThrownBy(() -> Echo.call(channel)).isInstanceOf(StatusRuntimeException.class);
    assertThat(server.calls()).isEqualTo(3);
    Channels.close(channel);
  }

  private void answerUnknown(String detail) {
    server.behave(
        (request, answer) -> {
          Metadata trailers = new Metadata();
          trailers.put(DETAIL, detail);
          answer.onError(Status.UNKNOWN.asRuntimeException(trailers));
        });
  }

  /** Cuts one relay after the other, each when the one before is connected again and in use. */
  private void callWhileCutting(RetryPolicy retries) throws Exception {
    EvenkeelChannel channel = channel(retries);
    channel.awaitReady(relays.size(), Duration.ofSeconds(10));
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    calls.forEach(each -> callers.execute(() -> call(channel, callers, each)));
    for (int cut = 0; cut < CUTS; cut++) {
      Relay relay = relays.get(cut % relays.size());
      int before = relay.connections();
      relay.cut();
      Eventually.await("it is connected again", () -> relay.connections() > before);
      awaitCallsOfEachCaller();
    }
    callers.shutdown();
    assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    Channels.close(channel);
  }

  /** So that no call outlives a cut and is lost again by the next. */
  private void awaitCallsOfEachCaller() {
    int[] before = calls.stream().mapToInt(AtomicInteger::get).toArray();
    Eventually.await(
        "calls pass",
        () ->
            IntStream.range(0, CALLERS)
                .allMatch(i -> calls.get(i).get() >= before[i] + CALLS_BETWEEN));
  }

  private void call(EvenkeelChannel channel, ExecutorService callers, AtomicInteger count) {
    while (!callers.isShutdown()) {
      AtomicReference<Metadata> headers = new AtomicReference<>();
      ClientInterceptor capture =
          MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>());
      try {
        Echo.call(ClientInterceptors.intercept(channel, capture));
      } catch (StatusRuntimeException failure) {
        if (headers.get() == null) {
          failures.add(failure.getStatus());
        }
      }
      count.incrementAndGet();
    }
  }

  private EvenkeelChannel channel(RetryPolicy retries) {
    String addresses =
        String.join(",", relays.stream().map(each -> "127.0.0.1:" + each.port()).toList());
    return Evenkeel.channel("fixed:///" + addresses)
        .plaintext()
        .serviceConfig(Channels.serviceConfig(config, Map.of()))
        .retries(retries)
        .build();
  }

  private static Duration tiny() {
    return Duration.ofMillis(1);
  }
}
