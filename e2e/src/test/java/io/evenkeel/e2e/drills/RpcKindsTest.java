package io.evenkeel.e2e.drills;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.demo.echo.EchoRequest;
import io.evenkeel.demo.echo.EchoResponse;
import io.evenkeel.demo.echo.EchoServiceGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every kind of call through the balancer, to backends that are processes of their own. */
class RpcKindsTest {
  private static final Metadata.Key<String> COLOUR =
      Metadata.Key.of("x-colour", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> BEHAVIOR =
      Metadata.Key.of("behavior", Metadata.ASCII_STRING_MARSHALLER);

  private CommandProcess first;
  private CommandProcess second;
  private EvenkeelChannel channel;

  @BeforeEach
  void start() throws Exception {
    first = CommandProcess.start("serve", "echo");
    second = CommandProcess.start("serve", "echo");
    String target = "fixed:///" + Cluster.addressOf(first) + "," + Cluster.addressOf(second);
    channel = Evenkeel.channel(target).plaintext().build();
    channel.awaitReady(2, Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    first.close();
    second.close();
  }

  @Test
  void unary_fourCalls_servedByBoth() {
    EchoServiceGrpc.EchoServiceBlockingStub stub = EchoServiceGrpc.newBlockingStub(channel);

    assertThat(serversOf(() -> stub.echo(request()))).isEqualTo(both());
  }

  @Test
  void serverStreaming_fourCalls_servedByBoth() {
    EchoServiceGrpc.EchoServiceBlockingStub stub = EchoServiceGrpc.newBlockingStub(channel);

    assertThat(serversOf(() -> last(stub.serverStreamingEcho(request())))).isEqualTo(both());
  }

  @Test
  void clientStreaming_fourCalls_servedByBoth() {
    EchoServiceGrpc.EchoServiceStub stub = EchoServiceGrpc.newStub(channel);

    assertThat(serversOf(() -> streamed(stub::clientStreamingEcho))).isEqualTo(both());
  }

  @Test
  void bidirectionalStreaming_fourCalls_servedByBoth() {
    EchoServiceGrpc.EchoServiceStub stub = EchoServiceGrpc.newStub(channel);

    assertThat(serversOf(() -> streamed(stub::bidirectionalStreamingEcho))).isEqualTo(both());
  }

  @Test
  void metadata_sentWithACall_comesBack() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata sent = new Metadata();
    sent.put(COLOUR, "green");

    EchoResponse unused =
        EchoServiceGrpc.newBlockingStub(channel)
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .echo(request());

    assertThat(List.of(headers.get(), trailers.get()))
        .anySatisfy(received -> assertThat(received.get(COLOUR)).isEqualTo("green"));
  }

  @Test
  void deadline_backendHangs_endsTheCall() {
    EchoServiceGrpc.EchoServiceBlockingStub hanging =
        EchoServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(behavior("hang")))
            .withDeadlineAfter(200, MILLISECONDS);

    assertThatThrownBy(() -> hanging.echo(request()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown ->
                assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
  }

  private static Metadata behavior(String behavior) {
    Metadata headers = new Metadata();
    headers.put(BEHAVIOR, behavior);
    return headers;
  }

  private static EchoRequest request() {
    return EchoRequest.newBuilder().setMessage("hello").setCount(3).build();
  }

  private Set<String> both() {
    return Set.of(Cluster.addressOf(first), Cluster.addressOf(second));
  }

  private static Set<String> serversOf(Supplier<EchoResponse> call) {
    Set<String> servers = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      servers.add(call.get().getServedBy());
    }
    return servers;
  }

  private static EchoResponse last(Iterator<EchoResponse> responses) {
    List<EchoResponse> all = new ArrayList<>();
    responses.forEachRemaining(all::add);
    return all.get(all.size() - 1);
  }

  private static EchoResponse streamed(Streaming method) {
    CompletableFuture<EchoResponse> answer = new CompletableFuture<>();
    StreamObserver<EchoRequest> requests = method.start(new LastOf(answer));
    requests.onNext(request());
    requests.onNext(request());
    requests.onCompleted();
    return answer.orTimeout(30, SECONDS).join();
  }

  /** A method that takes a stream of requests. */
  private interface Streaming {
    StreamObserver<EchoRequest> start(StreamObserver<EchoResponse> responses);
  }

  /** Hands on the last response of a stream. */
  private static final class LastOf implements StreamObserver<EchoResponse> {
    private final CompletableFuture<EchoResponse> answer;
    private EchoResponse last = EchoResponse.getDefaultInstance();

    LastOf(CompletableFuture<EchoResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(EchoResponse response) {
      last = response;
    }

    @Override
    public void onError(Throwable thrown) {
      answer.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
      answer.complete(last);
    }
  }
}
