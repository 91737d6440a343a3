package io.evenkeel.server;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;

/** Runs an action when a call is over, however it ended. gRPC reports the end exactly once. */
final class EndListener<ReqT> extends SimpleForwardingServerCallListener<ReqT> {
  private final Runnable whenOver;

  EndListener(ServerCall.Listener<ReqT> delegate, Runnable whenOver) {
    super(delegate);
    this.whenOver = whenOver;
  }

  @Override
  public void onComplete() {
    whenOver.run();
    super.onComplete();
  }

  @Override
  public void onCancel() {
    whenOver.run();
    super.onCancel();
  }
}
