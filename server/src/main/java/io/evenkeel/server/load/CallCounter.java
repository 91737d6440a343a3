package io.evenkeel.server.load;

import io.evenkeel.load.Outcome;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.Predicate;

/**
 * Counts each call once it is over. A tracer, because interceptors do not see all ends: not that of
 * a call whose handler threw, nor that of a method which does not exist. Thread-safe.
 */
final class CallCounter extends ServerStreamTracer.Factory {
  private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {};

  private final ServerStreamTracer tracer;
  private final Predicate<String> counted;

  CallCounter(LoadMeter meter, Predicate<String> counted) {
    this.counted = counted;
    this.tracer =
        new ServerStreamTracer() {
          @Override
          public void streamClosed(Status status) {
            meter.count(Outcome.of(status));
          }
        };
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    String service = MethodDescriptor.extractFullServiceName(fullMethodName);
    return service != null && counted.test(service) ? tracer : UNCOUNTED;
  }
}
