package io.evenkeel.server.load;

import io.evenkeel.load.LoadReport;
import io.evenkeel.load.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Counts calls and turns the counts into a load report, over the last five seconds or so.
 *
 * <h2>How it works</h2>
 *
 * Calls, errors, processor time and time itself are summed, and all sums fade alike: what is five
 * seconds old counts 1/e. A rate is the quotient of two sums, so it is right from the first second
 * on, and a second without calls is as much worth as one with many. A report is made at most once a
 * second, by the thread that first asks for it then; the others take the one before.
 *
 * <p>Thread-safe. {@link #report} waits for nobody.
 */
final class LoadMeter {
  private static final System.Logger log = System.getLogger(LoadMeter.class.getName());

  static final Duration REFRESH = Duration.ofSeconds(1);

  private static final double FADING_NANOS = Duration.ofSeconds(5).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongSupplier nanoTime;
  private final ProcessorTime processorTime;
  private final DoubleSupplier utilization;
  private final LongAdder calls = new LongAdder();
  private final LongAdder errors = new LongAdder();

  private final ReentrantLock measuring = new ReentrantLock();
  private final FadingSum callSum = new FadingSum(); // under the lock, as all sums
  private final FadingSum errorSum = new FadingSum();
  private final FadingSum busySum = new FadingSum();
  private final FadingSum availableSum = new FadingSum();
  private final FadingSum timeSum = new FadingSum();
  private boolean utilizationFailed; // under the lock

  private volatile byte[] latest = {};
  private volatile long madeAtNanos; // written after the report

  /**
   * @param nanoTime the clock, as {@link System#nanoTime}
   * @param utilization the application's own measure
   */
  LoadMeter(LongSupplier nanoTime, ProcessorTime processorTime, DoubleSupplier utilization) {
    this.nanoTime = nanoTime;
    this.processorTime = processorTime;
    this.utilization = utilization;
    this.madeAtNanos = nanoTime.getAsLong();
    busySum.startAt(processorTime.busyNanos());
  }

  /** One call is over. */
  void count(Outcome outcome) {
    calls.increment();
    if (outcome.isFailure()) {
      errors.increment();
    }
  }

  /** The latest report, encoded; empty while nothing is known. */
  byte[] report() {
    long now = nanoTime.getAsLong();
    if (isStale(now) && measuring.tryLock()) {
      try {
        refresh(now);
      } finally {
        measuring.unlock();
      }
    }
    return latest;
  }

  private boolean isStale(long now) {
    return now - madeAtNanos >= REFRESH.toNanos();
  }

  private void refresh(long now) {
    if (isStale(now)) { // else another thread has just done it
      latest = measure((double) (now - madeAtNanos)).encode();
      madeAtNanos = now;
    }
  }

  private LoadReport measure(double age) {
    double kept = Math.exp(-age / FADING_NANOS);
    timeSum.add(age, kept);
    availableSum.add(age * processorTime.processors(), kept);
    double seconds = timeSum.value() / NANOS_PER_SECOND;
    return new LoadReport(
        callSum.advanceTo(calls.sum(), kept) / seconds,
        errorSum.advanceTo(errors.sum(), kept) / seconds,
        busySum.advanceTo(processorTime.busyNanos(), kept) / availableSum.value(),
        ownUtilization());
  }

  private double ownUtilization() {
    try {
      double own = utilization.getAsDouble();
      utilizationFailed = false;
      return own > 0 && own < Double.MAX_VALUE ? own : 0;
    } catch (RuntimeException e) {
      if (!utilizationFailed) {
        log.log(System.Logger.Level.WARNING, "the application's utilization is left out", e);
      }
      utilizationFailed = true;
      return 0;
    }
  }
}
