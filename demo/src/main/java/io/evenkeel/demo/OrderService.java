package io.evenkeel.demo;

import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** Hands out orders, or fails every call while it is told to. */
final class OrderService extends OrderServiceGrpc.OrderServiceImplBase {
  private final String servedBy;
  private final Availability availability;
  private final Consumer<String> reporter;

  enum Availability {
    NORMAL,
    FORCED_UNAVAILABLE
  }

  OrderService(String servedBy, Availability availability, Consumer<String> reporter) {
    this.servedBy = servedBy;
    this.availability = availability;
    this.reporter = reporter;
  }

  @Override
  public void getOrder(GetOrderRequest request, StreamObserver<GetOrderResponse> responses) {
    if (availability == Availability.FORCED_UNAVAILABLE) {
      String what = servedBy + ": UNAVAILABLE, as GRPC_FORCE_UNAVAILABLE says";
      reporter.accept("order " + request.getId() + ": failed by " + what);
      responses.onError(Status.UNAVAILABLE.withDescription(what).asRuntimeException());
      return;
    }
    responses.onNext(
        GetOrderResponse.newBuilder().setId(request.getId()).setServedBy(servedBy).build());
    responses.onCompleted();
  }
}
