package io.evenkeel.demo;

import io.evenkeel.demo.hello.HelloRequest;
import io.evenkeel.demo.hello.HelloResponse;
import io.evenkeel.demo.hello.HelloServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Says hello. */
final class HelloService extends HelloServiceGrpc.HelloServiceImplBase {
  private final Supplier<String> servedBy;

  HelloService(Supplier<String> servedBy) {
    this.servedBy = servedBy;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloResponse> responses) {
    String name = request.getName().isEmpty() ? "world" : request.getName();
    responses.onNext(
        HelloResponse.newBuilder()
            .setMessage("Hello, " + name + "!")
            .setServedBy(servedBy.get())
            .build());
    responses.onCompleted();
  }
}
