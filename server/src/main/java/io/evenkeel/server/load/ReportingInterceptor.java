package io.evenkeel.server.load;

import io.evenkeel.load.LoadReport;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.function.Predicate;

/**
 * Ends each call with the server's load report, unless the application has put one of its own into
 * the trailers. Thread-safe.
 */
final class ReportingInterceptor implements ServerInterceptor {
  private final LoadMeter meter;
  private final Predicate<String> counted;

  ReportingInterceptor(LoadMeter meter, Predicate<String> counted) {
    this.meter = meter;
    this.counted = counted;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (service == null || !counted.test(service)) {
      return next.startCall(call, headers);
    }
    return next.startCall(
        new SimpleForwardingServerCall<ReqT, RespT>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            report(trailers);
            super.close(status, trailers);
          }
        },
        headers);
  }

  private void report(Metadata trailers) {
    byte[] report = meter.report();
    if (report.length > 0 && !trailers.containsKey(LoadReport.TRAILER)) {
      trailers.put(LoadReport.TRAILER, report);
    }
  }
}
