package io.evenkeel.balancer;

import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Metadata;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection of a {@link ConnectionSet}. It makes the tracers of its calls and counts their
 * streams: those it was given, those that wait in it, and those whose headers have left.
 *
 * <p>Thread-safe, but for what a method says of itself.
 */
final class CountedConnection extends ClientStreamTracer.Factory {
  private final ConnectionSet set;
  private final Subchannel subchannel;
  private final PickResult result;
  private long dueNanos; // when it is to be replaced; sync context only
  private final AtomicInteger given = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger entered = new AtomicInteger(); // that ever waited
  private int enteredBefore; // at the last look; sync context only

  CountedConnection(ConnectionSet set, Subchannel subchannel, long dueNanos) {
    this.set = set;
    this.subchannel = subchannel;
    this.dueNanos = dueNanos;
    this.result = PickResult.withSubchannel(subchannel, this);
  }

  Subchannel subchannel() {
    return subchannel;
  }

  PickResult result() {
    return result;
  }

  /** When it is to be replaced. Synchronization context only. */
  long dueNanos() {
    return dueNanos;
  }

  /** Lets it live until {@code dueNanos}. Synchronization context only. */
  void putOff(long dueNanos) {
    this.dueNanos = dueNanos;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new CountedStream(set.newClientStreamTracer(info, headers), this);
  }

  /** Calls that were sent by it and are not over. */
  int given() {
    return given.get();
  }

  /** Those of them that wait in the transport. */
  int waiting() {
    return waiting.get();
  }

  /** Those of them whose headers have left. */
  int sent() {
    return sent.get();
  }

  /** gRPC does not close every stream; when the endpoint has none, what still counts was such. */
  void forgetUnclosed() {
    forgetUnclosed(given);
    forgetUnclosed(waiting);
    forgetUnclosed(sent);
  }

  /** The endpoint counts a call before its connection does, and longer. */
  private void forgetUnclosed(AtomicInteger count) {
    int counted = count.get();
    if (counted != 0 && set.load().inFlight() == 0) {
      count.compareAndSet(counted, 0);
    }
  }

  /**
   * How many of the calls that wait were there when it was last asked: as streams leave in the
   * order in which they come, those that came since wait behind them. Synchronization context only.
   */
  int stuck() {
    int now = entered.get();
    int since = now - enteredBefore;
    enteredBefore = now;
    return waiting() - since;
  }

  void onGiven() {
    set.onGiven(this, given.incrementAndGet());
  }

  void onWaiting() {
    entered.incrementAndGet();
    waiting.incrementAndGet();
  }

  void onSent() {
    waiting.decrementAndGet();
    set.onSent(sent.incrementAndGet());
  }

  void onEnded(boolean wasWaiting, boolean wasSent) {
    given.decrementAndGet();
    if (wasWaiting) {
      waiting.decrementAndGet();
    }
    if (wasSent) {
      sent.decrementAndGet();
    }
    set.onEnded();
  }
}
