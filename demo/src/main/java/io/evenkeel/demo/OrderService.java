package io.evenkeel.demo;

import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Hands out orders, or fails every call while it is told to. */
final class OrderService extends OrderServiceGrpc.OrderServiceImplBase {
  private static final System.Logger log = System.getLogger(OrderService.class.getName());

  private final String servedBy;
  private final Availability availability;

  enum Availability {
    NORMAL,
    FORCED_UNAVAILABLE
  }

  OrderService(String servedBy, Availability availability) {
    this.servedBy = servedBy;
    this.availability = availability;
  }

  @Override
  public void getOrder(GetOrderRequest request, StreamObserver<GetOrderResponse> responses) {
    if (availability == Availability.FORCED_UNAVAILABLE) {
      String what = servedBy + ": UNAVAILABLE, as GRPC_FORCE_UNAVAILABLE says";
      log.log(System.Logger.Level.WARNING, "order {0}: {1}", request.getId(), what);
      responses.onError(Status.UNAVAILABLE.withDescription(what).asRuntimeException());
      return;
    }
    responses.onNext(
        GetOrderResponse.newBuilder().setId(request.getId()).setServedBy(servedBy).build());
    responses.onCompleted();
  }
}
