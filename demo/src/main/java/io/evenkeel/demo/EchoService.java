package io.evenkeel.demo;

import io.evenkeel.demo.echo.EchoRequest;
import io.evenkeel.demo.echo.EchoResponse;
import io.evenkeel.demo.echo.EchoServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.StringJoiner;
import java.util.function.Supplier;

/** Answers what it was sent, in all four kinds of call. */
final class EchoService extends EchoServiceGrpc.EchoServiceImplBase {
  private static final int DEFAULT_COUNT = 5;
  private static final int MAX_COUNT = 1_000;
  private static final int MAX_JOINED_CHARACTERS = 1 << 20;

  private final Supplier<String> servedBy;

  EchoService(Supplier<String> servedBy) {
    this.servedBy = servedBy;
  }

  @Override
  public void echo(EchoRequest request, StreamObserver<EchoResponse> responses) {
    responses.onNext(answer(request.getMessage()));
    responses.onCompleted();
  }

  @Override
  public void serverStreamingEcho(EchoRequest request, StreamObserver<EchoResponse> responses) {
    int count = request.getCount();
    if (count < 0 || count > MAX_COUNT) {
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("count: " + count + " (expected: 0.." + MAX_COUNT + ")")
              .asRuntimeException());
      return;
    }
    for (int i = 0; i < (count == 0 ? DEFAULT_COUNT : count); i++) {
      responses.onNext(answer(request.getMessage()));
    }
    responses.onCompleted();
  }

  @Override
  public StreamObserver<EchoRequest> clientStreamingEcho(StreamObserver<EchoResponse> responses) {
    return new Joining(responses);
  }

  @Override
  public StreamObserver<EchoRequest> bidirectionalStreamingEcho(
      StreamObserver<EchoResponse> responses) {
    Answering answering = new Answering((ServerCallStreamObserver<EchoResponse>) responses);
    answering.start();
    return answering;
  }

  private EchoResponse answer(String message) {
    return EchoResponse.newBuilder().setMessage(message).setServedBy(servedBy.get()).build();
  }

  /** Collects messages and answers once. */
  private final class Joining implements StreamObserver<EchoRequest> {
    private final StreamObserver<EchoResponse> responses;
    private final StringJoiner messages = new StringJoiner(",");
    private boolean refused;

    Joining(StreamObserver<EchoResponse> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(EchoRequest request) {
      if (refused) {
        return;
      }
      messages.add(request.getMessage());
      if (messages.length() > MAX_JOINED_CHARACTERS) {
        refused = true;
        responses.onError(
            Status.RESOURCE_EXHAUSTED
                .withDescription("more than " + MAX_JOINED_CHARACTERS + " characters in all")
                .asRuntimeException());
      }
    }

    @Override
    public void onError(Throwable cancelled) {
      // The client is gone: nobody is left to answer.
    }

    @Override
    public void onCompleted() {
      if (!refused) {
        responses.onNext(answer(messages.toString()));
        responses.onCompleted();
      }
    }
  }

  /** Answers each message, and asks for the next only when the client takes the answers. */
  private final class Answering implements StreamObserver<EchoRequest> {
    private final ServerCallStreamObserver<EchoResponse> responses;
    private boolean asked;

    Answering(ServerCallStreamObserver<EchoResponse> responses) {
      this.responses = responses;
    }

    void start() {
      responses.disableAutoRequest();
      responses.setOnReadyHandler(this::askWhenReady);
    }

    private void askWhenReady() {
      if (!asked && responses.isReady()) {
        asked = true;
        responses.request(1);
      }
    }

    @Override
    public void onNext(EchoRequest request) {
      asked = false;
      responses.onNext(answer(request.getMessage()));
      askWhenReady();
    }

    @Override
    public void onError(Throwable cancelled) {
      // The client is gone: nobody is left to answer.
    }

    @Override
    public void onCompleted() {
      responses.onCompleted();
    }
  }
}
