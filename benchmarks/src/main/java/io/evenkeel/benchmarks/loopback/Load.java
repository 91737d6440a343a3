package io.evenkeel.benchmarks.loopback;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * So many unary calls in flight at any time, each followed by the next as soon as it is answered.
 */
final class Load {
  private static final long MAX_LATENCY_NANOS = Duration.ofSeconds(60).toNanos();
  private static final int DIGITS = 3;

  /** For the calls that are still in flight when the time is over. */
  private static final long GRACE_SECONDS = 30;

  private static final byte[] PAYLOAD = Echo.payload();

  private final Channel channel;
  private final long endNanos;
  private final CountDownLatch running;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Load(Channel channel, int inFlight, long endNanos) {
    this.channel = channel;
    this.endNanos = endNanos;
    this.running = new CountDownLatch(inFlight);
  }

  /**
   * Runs for {@code duration}.
   *
   * @throws IllegalStateException if a call fails: figures of failed calls mean nothing
   */
  static Sample run(Channel channel, int inFlight, Duration duration) throws InterruptedException {
    long startNanos = System.nanoTime();
    Load load = new Load(channel, inFlight, startNanos + duration.toNanos());
    List<Histogram> histograms = new ArrayList<>();
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < inFlight; i++) {
      Histogram histogram = new Histogram(MAX_LATENCY_NANOS, DIGITS);
      histograms.add(histogram);
      slots.add(load.new Slot(histogram));
    }
    slots.forEach(Slot::call);
    load.await(duration.toSeconds() + GRACE_SECONDS);
    return sample(histograms, System.nanoTime() - startNanos);
  }

  private void await(long seconds) throws InterruptedException {
    boolean ended = running.await(seconds, SECONDS);
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("a call failed", thrown);
    }
    if (!ended) {
      throw new IllegalStateException(running.getCount() + " calls were not answered");
    }
  }

  private static Sample sample(List<Histogram> histograms, long nanos) {
    Histogram all = new Histogram(MAX_LATENCY_NANOS, DIGITS);
    histograms.forEach(all::add);
    return new Sample(
        all.getTotalCount() / (nanos / 1e9),
        all.getValueAtPercentile(50) / 1e3,
        all.getValueAtPercentile(99) / 1e3);
  }

  /** One call after the other. */
  private final class Slot implements StreamObserver<byte[]> {
    private final Histogram histogram; // written by one callback after the other
    private long startNanos;

    Slot(Histogram histogram) {
      this.histogram = histogram;
    }

    void call() {
      startNanos = System.nanoTime();
      if (startNanos - endNanos >= 0) {
        running.countDown();
        return;
      }
      ClientCalls.asyncUnaryCall(channel.newCall(Echo.METHOD, CallOptions.DEFAULT), PAYLOAD, this);
    }

    @Override
    public void onNext(byte[] answer) {}

    @Override
    public void onCompleted() {
      histogram.recordValue(Math.min(System.nanoTime() - startNanos, MAX_LATENCY_NANOS));
      call();
    }

    @Override
    public void onError(Throwable thrown) {
      failure.compareAndSet(null, thrown);
      running.countDown();
    }
  }
}
