package io.evenkeel.cli.call;

import com.google.protobuf.DynamicMessage;
import io.evenkeel.cli.schema.DynamicMethod;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of one run: all are started by the thread that calls {@link #run}, one after the
 * other, while up to {@link Load#concurrency} are under way.
 *
 * <p>With an interval the starts keep to it whatever the answers do, and a call that has to wait
 * for its turn has its latency counted from when it was due: a stall shows in every call it delays
 * (Gil Tene calls the opposite coordinated omission).
 */
final class LoadRun {
  /** How long a waiting run may overlook that it was stopped. */
  private static final long STOP_CHECK_NANOS = 50_000_000;

  private final Channel channel;
  private final CallTemplate template;
  private final Load load;
  private final CallObserver observer;
  private final Semaphore permits;
  private final Set<Invocation> active = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();
  private volatile boolean stopped;

  LoadRun(Channel channel, CallTemplate template, Load load, CallObserver observer) {
    this.channel = channel;
    this.template = template;
    this.load = load;
    this.observer = observer;
    this.permits = new Semaphore(load.concurrency());
  }

  /**
   * Makes all calls and waits for their ends.
   *
   * @throws RuntimeException whatever the observer threw; the run stops there
   */
  void run() throws InterruptedException {
    long startNanos = System.nanoTime();
    for (long number = 0; number < load.calls(); number++) {
      long dueNanos = startNanos + number * load.intervalNanos();
      if (!awaitTurn(startNanos, dueNanos)) {
        break;
      }
      start(load.intervalNanos() == 0 ? System.nanoTime() : dueNanos);
    }
    permits.acquire(load.concurrency());
    RuntimeException failure = broken.get();
    if (failure != null) {
      throw failure;
    }
  }

  /** Starts no more calls and cancels those under way; they do not count. */
  void stop() {
    stopped = true;
    active.forEach(Invocation::cancel);
  }

  void onHeaders(Metadata headers) {
    guarded(() -> observer.onHeaders(headers));
  }

  void onAnswer(DynamicMethod method, DynamicMessage answer) {
    guarded(() -> observer.onAnswer(method.json(answer)));
  }

  void onEnd(Invocation call, Status status, Metadata trailers, String servedBy) {
    long latencyNanos = System.nanoTime() - call.dueNanos();
    if (!stopped) {
      guarded(() -> observer.onEnd(new Outcome(status, trailers, servedBy, latencyNanos)));
    }
    active.remove(call);
    permits.release();
  }

  /** Waits until a call may start; answers whether one still may. */
  private boolean awaitTurn(long startNanos, long dueNanos) throws InterruptedException {
    // What is due after the end is not made, however early it is now.
    if (dueNanos - startNanos >= load.durationNanos()) {
      return false;
    }
    while (!stopped && dueNanos - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(dueNanos - System.nanoTime(), STOP_CHECK_NANOS));
    }
    while (!stopped && System.nanoTime() - startNanos < load.durationNanos()) {
      if (permits.tryAcquire(STOP_CHECK_NANOS, TimeUnit.NANOSECONDS)) {
        return true;
      }
    }
    return false;
  }

  private void start(long dueNanos) {
    Invocation call = new Invocation(template, channel, this, dueNanos);
    active.add(call);
    call.start();
    if (stopped) {
      call.cancel();
    }
  }

  private void guarded(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException e) {
      broken.compareAndSet(null, e);
      stop();
    }
  }
}
