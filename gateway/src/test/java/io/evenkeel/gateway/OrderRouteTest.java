package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderProto;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The route that the demo's proto declares, over the facade's own channel. */
class OrderRouteTest {
  private Server server;
  private ManagedChannel channel;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Orders())
            .build()
            .start();
    channel = Gateway.upstream("dns:///localhost:" + server.getPort()).plaintext().build();
    gateway =
        Gateway.builder()
            .host("127.0.0.1")
            .route(OrderProto.getDescriptor().findServiceByName("OrderService"), channel)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void get_order_answersInJsonWithTheNamesOfTheProto() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/orders/1"))
            .build();

    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"id\":\"1\",\"served_by\":\"order-service-2\"}");
  }

  private static final class Orders extends OrderServiceGrpc.OrderServiceImplBase {
    @Override
    public void getOrder(GetOrderRequest request, StreamObserver<GetOrderResponse> answers) {
      answers.onNext(
          GetOrderResponse.newBuilder()
              .setId(request.getId())
              .setServedBy("order-service-2")
              .build());
      answers.onCompleted();
    }
  }
}
