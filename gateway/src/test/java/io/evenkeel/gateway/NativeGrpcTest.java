package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Lists;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** gRPC and gRPC-Web on the port of the JSON routes. */
class NativeGrpcTest {
  private static final Descriptor BOOK =
      LibraryUpstream.SERVICE.getFile().findMessageTypeByName("Book");
  private GatewayFixture fixture;
  private ManagedChannel client;

  @BeforeEach
  void start() throws Exception {
    fixture = GatewayFixture.start();
    client =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + fixture.gateway.port(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    fixture.close();
  }

  @Test
  void unaryCall_isForwardedWithItsMetadata() throws Exception {
    Metadata headers = new Metadata();
    headers.put(text("color"), "red");
    fixture.upstream.answerHeaders(headers);
    var channel =
        io.grpc.ClientInterceptors.intercept(
            client, MetadataUtils.newAttachHeadersInterceptor(headers));

    DynamicMessage answer =
        ClientCalls.blockingUnaryCall(
            channel, method("GetBook"), CallOptions.DEFAULT, book("dune", 0));

    assertThat(answer).isEqualTo(book("dune", 0));
    assertThat(fixture.upstream.headers.take().get(text("color"))).isEqualTo("red");
  }

  @Test
  void serverStream_isForwardedWhole() {
    List<DynamicMessage> answers =
        Lists.newArrayList(
            ClientCalls.blockingServerStreamingCall(
                client, method("Watch"), CallOptions.DEFAULT, book("dune", 500)));

    assertThat(answers).hasSize(500).containsOnly(book("dune", 500));
  }

  @Test
  void bidirectionalStream_isForwardedMessageByMessage() throws Exception {
    Answers answers = new Answers();
    StreamObserver<DynamicMessage> questions =
        ClientCalls.asyncBidiStreamingCall(
            client.newCall(method("Copy"), CallOptions.DEFAULT), answers);

    for (int i = 0; i < 300; i++) {
      questions.onNext(book("book " + i, i));
    }
    questions.onCompleted();

    assertThat(answers.ended.await(GatewayFixture.PATIENCE.toSeconds(), SECONDS)).isTrue();
    assertThat(answers.messages).hasSize(300);
    assertThat(answers.messages.get(299)).isEqualTo(book("book 299", 299));
  }

  @Test
  void failure_comesThroughWithCodeAndDescription() {
    fixture.upstream.answer(
        (request, answers) ->
            answers.onError(Status.ABORTED.withDescription("é").asRuntimeException()));

    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    client, method("GetBook"), CallOptions.DEFAULT, book("dune", 0)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("ABORTED: é");
  }

  @Test
  void clientsDeadline_reachesUpstream() throws Exception {
    ClientCalls.blockingUnaryCall(
        client,
        method("GetBook"),
        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
        book("dune", 0));

    assertThat(fixture.upstream.deadlines.take().timeRemaining(SECONDS)).isBetween(6L, 30L);
  }

  @Test
  void cancelledCall_cancelsUpstream() throws Exception {
    fixture.upstream.hang();
    var call = client.newCall(method("GetBook"), CallOptions.DEFAULT);
    var unused = ClientCalls.futureUnaryCall(call, book("dune", 0));
    assertThat(fixture.upstream.arrived.await(GatewayFixture.PATIENCE.toSeconds(), SECONDS))
        .isTrue();

    call.cancel("enough", null);

    assertThat(fixture.upstream.cancelled.await(GatewayFixture.PATIENCE.toSeconds(), SECONDS))
        .isTrue();
  }

  @Test
  void grpcWeb_unaryCall_isAnswered() throws Exception {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(frame);
    byte[] message = book("dune", 0).toByteArray();
    out.writeByte(0);
    out.writeInt(message.length);
    out.write(message);
    HttpRequest request =
        HttpRequest.newBuilder(fixture.uri("/library.Library/GetBook"))
            .header("content-type", "application/grpc-web+proto")
            .POST(HttpRequest.BodyPublishers.ofByteArray(frame.toByteArray()))
            .build();

    HttpResponse<byte[]> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body(), StandardCharsets.ISO_8859_1))
        .startsWith(frame.toString(StandardCharsets.ISO_8859_1))
        .contains("grpc-status: 0");
  }

  private static DynamicMessage book(String name, int copies) {
    return DynamicMessage.newBuilder(BOOK)
        .setField(BOOK.findFieldByName("name"), name)
        .setField(BOOK.findFieldByName("copies"), copies)
        .build();
  }

  private static MethodDescriptor<DynamicMessage, DynamicMessage> method(String name) {
    return ForwardedService.grpcMethod(LibraryUpstream.SERVICE.findMethodByName(name));
  }

  private static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static final class Answers implements StreamObserver<DynamicMessage> {
    final List<DynamicMessage> messages = new ArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void onNext(DynamicMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }
}
