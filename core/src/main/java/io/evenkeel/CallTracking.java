package io.evenkeel;

import io.evenkeel.load.CallAttempts;
import io.evenkeel.load.LostConnection;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * Lets the balancer see the end of a call even where gRPC does not tell it. A call that gRPC ends
 * as UNKNOWN because its connection was lost ends as UNAVAILABLE.
 */
public final class CallTracking {
  private static final ClientInterceptor INTERCEPTOR = new TrackingInterceptor();

  private CallTracking() {}

  /**
   * The interceptor to put on a channel that was not built by {@link Evenkeel#channel}. Without it
   * the calls in flight on an endpoint can be counted too high, after cancellations, until its
   * connection is next lost, and {@code peak_ewma} does not see how long an open call has been
   * waiting.
   */
  public static ClientInterceptor interceptor() {
    return INTERCEPTOR;
  }

  private static final class TrackingInterceptor implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      CallAttempts attempts = new CallAttempts(method.getType());
      return new SimpleForwardingClientCall<>(
          next.newCall(method, options.withOption(CallAttempts.KEY, attempts))) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          super.start(new ClosingListener<>(listener, attempts), headers);
        }
      };
    }
  }

  private static final class ClosingListener<RespT>
      extends SimpleForwardingClientCallListener<RespT> {
    private final CallAttempts attempts;

    ClosingListener(ClientCall.Listener<RespT> delegate, CallAttempts attempts) {
      super(delegate);
      this.attempts = attempts;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      attempts.close();
      super.onClose(
          LostConnection.isMeantBy(status) ? LostConnection.toUnavailable(status) : status,
          trailers);
    }
  }
}
