package io.evenkeel.server;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A plain client of one server over loopback. */
final class Client implements AutoCloseable {
  private static final long BOUND_SECONDS = 30;

  private final ManagedChannel channel;

  Client(int port) {
    this.channel =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
  }

  Channel channel() {
    return channel;
  }

  ListenableFuture<String> pass() {
    return call("pass", CallOptions.DEFAULT);
  }

  ListenableFuture<String> call(
      String request, CallOptions options, ClientInterceptor... interceptors) {
    Channel intercepted = ClientInterceptors.intercept(channel, interceptors);
    return ClientCalls.futureUnaryCall(intercepted.newCall(Gate.PASS, options), request);
  }

  /** How a call ends. */
  static Status statusOf(ListenableFuture<String> call)
      throws InterruptedException, TimeoutException {
    try {
      call.get(BOUND_SECONDS, TimeUnit.SECONDS);
      return Status.OK;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
