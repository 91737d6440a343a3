package io.evenkeel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Gives a deadline to calls that state none: without one a call to a hung backend waits forever.
 */
final class DefaultDeadlineInterceptor implements ClientInterceptor {
  private final long deadlineNanos;

  DefaultDeadlineInterceptor(Duration deadline) {
    this.deadlineNanos = deadline.toNanos();
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    boolean stated = options.getDeadline() != null;
    return next.newCall(
        method, stated ? options : options.withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS));
  }
}
