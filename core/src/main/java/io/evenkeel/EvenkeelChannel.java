package io.evenkeel;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A gRPC channel that can be waited for. Thread-safe. */
public final class EvenkeelChannel extends ManagedChannel {
  private final String target;
  private final ManagedChannel delegate;
  private final ChannelReadiness readiness;

  EvenkeelChannel(String target, ManagedChannel delegate, ChannelReadiness readiness) {
    this.target = target;
    this.delegate = delegate;
    this.readiness = readiness;
  }

  /**
   * Connects now and waits until at least {@code minEndpoints} endpoints take calls, so that the
   * first real call finds a warm channel. Works with Evenkeel's own policies; {@code pick_first}
   * does not report its endpoints.
   *
   * @throws TimeoutException if they do not within {@code timeout}; the message says what is known
   *     of each
   */
  public void awaitReady(int minEndpoints, Duration timeout)
      throws InterruptedException, TimeoutException {
    delegate.getState(true);
    if (!readiness.await(minEndpoints, timeout)) {
      throw new TimeoutException(
          "target \"%s\": not %d endpoints ready within %s; %s"
              .formatted(target, minEndpoints, timeout, readiness.describe()));
    }
  }

  /**
   * The channel's balancer, to look into. Empty while the channel is idle, and always when another
   * policy such as {@code pick_first} balances.
   */
  public Optional<BalancerView> balancer() {
    return readiness.balancer();
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return delegate.newCall(method, options);
  }

  @Override
  public String authority() {
    return delegate.authority();
  }

  @Override
  public ConnectivityState getState(boolean requestConnection) {
    return delegate.getState(requestConnection);
  }

  @Override
  public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
    delegate.notifyWhenStateChanged(source, callback);
  }

  @Override
  public void resetConnectBackoff() {
    delegate.resetConnectBackoff();
  }

  @Override
  public void enterIdle() {
    delegate.enterIdle();
  }

  @Override
  public EvenkeelChannel shutdown() {
    delegate.shutdown();
    return this;
  }

  @Override
  public EvenkeelChannel shutdownNow() {
    delegate.shutdownNow();
    return this;
  }

  @Override
  public boolean isShutdown() {
    return delegate.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return delegate.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return delegate.awaitTermination(timeout, unit);
  }
}
