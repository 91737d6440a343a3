package io.evenkeel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.AnnotationsProto;
import io.evenkeel.demo.greeter.GreetRequest;
import io.evenkeel.demo.greeter.GreeterServiceGrpc;
import io.evenkeel.demo.hello.HelloRequest;
import io.evenkeel.demo.hello.HelloServiceGrpc;
import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderProto;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.evenkeel.demo.order.OrderServiceGrpc.OrderServiceBlockingStub;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DemoServicesTest {
  private static final GetOrderRequest ORDER = GetOrderRequest.newBuilder().setId("1").build();

  static Iterable<String> names() {
    return DemoServices.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void start_everyName_starts(String name) throws Exception {
    try (Backend backend = new Backend(name)) {
      assertThat(backend.callsInFlight()).isZero();
    }
  }

  @Test
  void start_unknownName_namesTheNearest() {
    assertThatThrownBy(() -> new Backend("ordr"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service \"ordr\": unknown (did you mean \"order\"?)");
  }

  @Test
  void sayHello_name_isGreeted() throws Exception {
    try (Backend backend = new Backend("hello")) {
      var response =
          Backend.bounded(HelloServiceGrpc.newBlockingStub(backend.channel()))
              .sayHello(HelloRequest.newBuilder().setName("Ada").build());

      assertThat(response.getMessage()).isEqualTo("Hello, Ada!");
      assertThat(response.getServedBy()).isEqualTo(backend.address());
    }
  }

  @Test
  void greet_name_isGreeted() throws Exception {
    try (Backend backend = new Backend("greeter")) {
      var response =
          Backend.bounded(GreeterServiceGrpc.newBlockingStub(backend.channel()))
              .greet(GreetRequest.newBuilder().setName("Ada").build());

      assertThat(response.getMessage()).isEqualTo("Good day, Ada.");
    }
  }

  @Test
  void greet_invalid_isInvalidArgument() throws Exception {
    try (Backend backend = new Backend("greeter")) {
      var stub = Backend.bounded(GreeterServiceGrpc.newBlockingStub(backend.channel()));
      GreetRequest invalid = GreetRequest.newBuilder().setName("invalid").build();

      assertThatThrownBy(() -> stub.greet(invalid)).hasMessageStartingWith("INVALID_ARGUMENT");
    }
  }

  @Test
  void getOrder_instanceIdStated_isServedByIt() throws Exception {
    try (Backend backend = new Backend("order", Map.of("INSTANCE_ID", "order-service-2"))) {
      GetOrderResponse order = orders(backend).getOrder(ORDER);

      assertThat(order)
          .isEqualTo(
              GetOrderResponse.newBuilder().setId("1").setServedBy("order-service-2").build());
    }
  }

  @Test
  void getOrder_noInstanceId_isServedByTheRegisteredId() throws Exception {
    try (Backend backend = new Backend("order")) {
      assertThat(orders(backend).getOrder(ORDER).getServedBy()).isEqualTo("the-id");
    }
  }

  @Test
  void getOrder_forcedUnavailable_failsAndReportsIt() throws Exception {
    Map<String, String> environment =
        Map.of("INSTANCE_ID", "two", "GRPC_FORCE_UNAVAILABLE", "true");
    try (Backend backend = new Backend("order", environment)) {
      assertThatThrownBy(() -> orders(backend).getOrder(ORDER))
          .hasMessageStartingWith("UNAVAILABLE: two");

      assertThat(backend.reports)
          .containsExactly("order 1: failed by two: UNAVAILABLE, as GRPC_FORCE_UNAVAILABLE says");
    }
  }

  @Test
  void getOrder_annotation_isTheRouteOfTheGateway() {
    var method = OrderProto.getDescriptor().findServiceByName("OrderService").getMethods().get(0);

    assertThat(method.getOptions().getExtension(AnnotationsProto.http).getGet())
        .isEqualTo("/orders/{id}");
  }

  private static OrderServiceBlockingStub orders(Backend backend) {
    return Backend.bounded(OrderServiceGrpc.newBlockingStub(backend.channel()));
  }
}
