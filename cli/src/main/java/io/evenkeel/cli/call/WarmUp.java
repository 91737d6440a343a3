package io.evenkeel.cli.call;

import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerState;
import io.evenkeel.Endpoint;
import io.evenkeel.EvenkeelChannel;
import io.grpc.ConnectivityState;
import java.util.concurrent.TimeUnit;

/**
 * Waits until every endpoint is connected or has failed, so that the first measured call finds all
 * that can serve it. Thread-safe.
 *
 * <p>A policy that is not Evenkeel's, such as {@code pick_first}, does not report its endpoints;
 * there the state of the channel has to do.
 */
final class WarmUp implements BalancerListener {
  /** An endpoint that has not answered by then may be hung, and the calls start without it. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private boolean reporting; // guarded by this
  private boolean settled; // guarded by this

  @Override
  public synchronized void onFound(Endpoint endpoint) {
    reporting = true;
  }

  @Override
  public synchronized void onState(BalancerState state) {
    reporting = true;
    settled = state.total() > 0 && state.connecting() == 0;
    notifyAll();
  }

  /** Connects {@code channel} and waits for it, at most two seconds. */
  void await(EvenkeelChannel channel) throws InterruptedException {
    long startNanos = System.nanoTime();
    ConnectivityState state = channel.getState(true);
    while (!isDone(state)) {
      long leftNanos = PATIENCE_NANOS - (System.nanoTime() - startNanos);
      if (leftNanos <= 0) {
        return;
      }
      channel.notifyWhenStateChanged(state, this::wake);
      waitNanos(leftNanos);
      state = channel.getState(true);
    }
  }

  private synchronized boolean isDone(ConnectivityState state) {
    boolean decided =
        state == ConnectivityState.READY || state == ConnectivityState.TRANSIENT_FAILURE;
    return settled || (!reporting && decided);
  }

  private synchronized void waitNanos(long nanos) throws InterruptedException {
    if (!settled) {
      // Looks again by itself, should the state have changed just before the wait.
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(nanos, LOOK_AGAIN_NANOS));
    }
  }

  private synchronized void wake() {
    notifyAll();
  }
}
