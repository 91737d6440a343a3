package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReflectionTest {

  @Test
  void listServices_running_namesHealthAndBothReflections() throws Exception {
    try (EvenkeelServer server = Servers.builder(new Gate()).start();
        Client client = new Client(server.port())) {
      Answer answer = new Answer();
      StreamObserver<ServerReflectionRequest> requests =
          ServerReflectionGrpc.newStub(client.channel()).serverReflectionInfo(answer);
      requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
      requests.onCompleted();

      List<ServiceResponse> services =
          answer.first.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList();

      assertThat(services)
          .extracting(ServiceResponse::getName)
          .contains(
              "grpc.health.v1.Health",
              "grpc.reflection.v1.ServerReflection",
              "grpc.reflection.v1alpha.ServerReflection");
    }
  }

  private static final class Answer implements StreamObserver<ServerReflectionResponse> {
    final CompletableFuture<ServerReflectionResponse> first = new CompletableFuture<>();

    @Override
    public void onNext(ServerReflectionResponse response) {
      first.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      first.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      first.cancel(false);
    }
  }
}
