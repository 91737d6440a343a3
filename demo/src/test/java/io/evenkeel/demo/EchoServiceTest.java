package io.evenkeel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.demo.echo.EchoRequest;
import io.evenkeel.demo.echo.EchoResponse;
import io.evenkeel.demo.echo.EchoServiceGrpc;
import io.evenkeel.demo.echo.EchoServiceGrpc.EchoServiceBlockingStub;
import io.evenkeel.demo.echo.EchoServiceGrpc.EchoServiceStub;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EchoServiceTest {
  private static final Metadata.Key<String> TEXT =
      Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> BYTES =
      Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Metadata.Key<String> OTHER =
      Metadata.Key.of("other", Metadata.ASCII_STRING_MARSHALLER);

  private Backend backend;

  @BeforeEach
  void start() throws IOException {
    backend = new Backend("echo");
  }

  @AfterEach
  void stop() {
    backend.close();
  }

  @Test
  void echo_message_comesBackWithTheAddress() {
    EchoResponse response = blocking().echo(request("hello"));

    assertThat(response.getMessage()).isEqualTo("hello");
    assertThat(response.getServedBy()).isEqualTo(backend.address());
  }

  @Test
  void serverStreamingEcho_count_isAnsweredThatOften() {
    EchoRequest request = EchoRequest.newBuilder().setMessage("m").setCount(3).build();

    List<EchoResponse> responses = new ArrayList<>();
    blocking().serverStreamingEcho(request).forEachRemaining(responses::add);

    assertThat(responses).extracting(EchoResponse::getMessage).containsExactly("m", "m", "m");
  }

  @Test
  void serverStreamingEcho_tooMany_isInvalid() {
    EchoRequest request = EchoRequest.newBuilder().setCount(1001).build();

    assertThatThrownBy(() -> blocking().serverStreamingEcho(request).next())
        .hasMessageContaining("INVALID_ARGUMENT: count: 1001 (expected: 0..1000)");
  }

  @Test
  void clientStreamingEcho_messages_areJoined() throws Exception {
    Answers answers = new Answers();
    StreamObserver<EchoRequest> requests = async().clientStreamingEcho(answers);

    requests.onNext(request("a"));
    requests.onNext(request("b"));
    requests.onCompleted();

    assertThat(answers.next().getMessage()).isEqualTo("a,b");
    assertThat(answers.end()).isEqualTo(Status.Code.OK);
  }

  @Test
  void clientStreamingEcho_tooMuch_isRefused() throws Exception {
    Answers answers = new Answers();
    StreamObserver<EchoRequest> requests = async().clientStreamingEcho(answers);

    requests.onNext(request("x".repeat(600_000)));
    requests.onNext(request("x".repeat(600_000)));

    assertThat(answers.end()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void bidirectionalStreamingEcho_eachMessage_isAnsweredAsItComes() throws Exception {
    Answers answers = new Answers();
    StreamObserver<EchoRequest> requests = async().bidirectionalStreamingEcho(answers);

    requests.onNext(request("a"));
    assertThat(answers.next().getMessage()).isEqualTo("a");
    requests.onNext(request("b"));
    assertThat(answers.next().getMessage()).isEqualTo("b");
    requests.onCompleted();

    assertThat(answers.end()).isEqualTo(Status.Code.OK);
  }

  @Test
  void bidirectionalStreamingEcho_manyAtOnce_areAllAnsweredInOrder() throws Exception {
    Answers answers = new Answers();
    StreamObserver<EchoRequest> requests = async().bidirectionalStreamingEcho(answers);

    for (int i = 0; i < 1000; i++) {
      requests.onNext(request(String.valueOf(i)));
    }
    requests.onCompleted();

    for (int i = 0; i < 1000; i++) {
      assertThat(answers.next().getMessage()).isEqualTo(String.valueOf(i));
    }
    assertThat(answers.end()).isEqualTo(Status.Code.OK);
  }

  @Test
  void echo_headersStartingWithX_comeBackAsHeadersAndTrailers() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();

    carrying(headers, trailers).echo(request("hello"));

    for (Metadata received : List.of(headers.get(), trailers.get())) {
      assertThat(received.getAll(TEXT)).containsExactly("one", "two");
      assertThat(received.get(BYTES)).isEqualTo("bytes".getBytes(StandardCharsets.UTF_8));
      assertThat(received.containsKey(OTHER)).isFalse();
    }
  }

  @Test
  void echo_failedByBehavior_carriesTrailersAllTheSame() {
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    EchoServiceBlockingStub stub = carrying(new AtomicReference<>(), trailers);

    assertThatThrownBy(() -> Backend.behaving("fail=INTERNAL", stub).echo(request("hello")))
        .isInstanceOf(StatusRuntimeException.class);

    assertThat(trailers.get().getAll(TEXT)).containsExactly("one", "two");
  }

  private EchoServiceBlockingStub carrying(
      AtomicReference<Metadata> headers, AtomicReference<Metadata> trailers) {
    Metadata sent = new Metadata();
    sent.put(TEXT, "one");
    sent.put(TEXT, "two");
    sent.put(BYTES, "bytes".getBytes(StandardCharsets.UTF_8));
    sent.put(OTHER, "not echoed");
    return blocking()
        .withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
  }

  private EchoServiceBlockingStub blocking() {
    return Backend.bounded(EchoServiceGrpc.newBlockingStub(backend.channel()));
  }

  private EchoServiceStub async() {
    return Backend.bounded(EchoServiceGrpc.newStub(backend.channel()));
  }

  private static EchoRequest request(String message) {
    return EchoRequest.newBuilder().setMessage(message).build();
  }

  private static final class Answers implements StreamObserver<EchoResponse> {
    private final BlockingQueue<EchoResponse> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status.Code> end = new CompletableFuture<>();

    EchoResponse next() throws InterruptedException {
      EchoResponse response = received.poll(30, TimeUnit.SECONDS);
      return response == null ? EchoResponse.getDefaultInstance() : response;
    }

    Status.Code end() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(EchoResponse response) {
      received.add(response);
    }

    @Override
    public void onError(Throwable error) {
      end.complete(Status.fromThrowable(error).getCode());
    }

    @Override
    public void onCompleted() {
      end.complete(Status.Code.OK);
    }
  }
}
