package io.evenkeel.demo;

import io.evenkeel.demo.greeter.GreetRequest;
import io.evenkeel.demo.greeter.GreetResponse;
import io.evenkeel.demo.greeter.GreeterServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Greets everyone except {@code invalid}: the service with an error that no retry cures. */
final class GreeterService extends GreeterServiceGrpc.GreeterServiceImplBase {
  private static final String REFUSED_NAME = "invalid";

  private final Supplier<String> servedBy;

  GreeterService(Supplier<String> servedBy) {
    this.servedBy = servedBy;
  }

  @Override
  public void greet(GreetRequest request, StreamObserver<GreetResponse> responses) {
    if (request.getName().equals(REFUSED_NAME)) {
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("name: \"" + REFUSED_NAME + "\" (expected: any other)")
              .asRuntimeException());
      return;
    }
    responses.onNext(
        GreetResponse.newBuilder()
            .setMessage("Good day, " + request.getName() + ".")
            .setServedBy(servedBy.get())
            .build());
    responses.onCompleted();
  }
}
