package io.evenkeel.benchmarks;

import com.sun.management.ThreadMXBean;
import io.evenkeel.testkit.FakeSubchannel;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * What a change of state costs the synchronization context: endpoints that become READY one by one,
 * and one that flaps.
 */
record UpdateCosts(double readyMillis, double kilobytesPerReady, double flapMicros) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int FLAPS = 50;

  /** The medians of {@code repetitions}, after as many to warm up with fewer endpoints. */
  static UpdateCosts measure(Subject subject, int endpoints, int repetitions) {
    for (int i = 0; i < 20 * repetitions; i++) {
      once(subject, 200);
    }
    UpdateCosts[] measured = new UpdateCosts[repetitions];
    for (int i = 0; i < repetitions; i++) {
      measured[i] = once(subject, endpoints);
    }
    return new UpdateCosts(
        median(measured, UpdateCosts::readyMillis),
        median(measured, UpdateCosts::kilobytesPerReady),
        median(measured, UpdateCosts::flapMicros));
  }

  private static UpdateCosts once(Subject subject, int endpoints) {
    Fleet fleet = new Fleet(subject);
    fleet.accept(Fleet.addresses(subject, endpoints));
    long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
    long startNanos = System.nanoTime();
    fleet.allReady();
    fleet.settle();
    long readyNanos = System.nanoTime() - startNanos;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
    long flapNanos = flap(fleet);
    fleet.shutdown();
    return new UpdateCosts(readyNanos / 1e6, allocated / 1024.0 / endpoints, flapNanos / 1e3);
  }

  /**
   * The mean time of READY → IDLE → CONNECTING → READY, with what is published for it once the
   * coalescing time is over.
   */
  private static long flap(Fleet fleet) {
    FakeSubchannel subchannel = fleet.helper().subchannels().get(0);
    long startNanos = System.nanoTime();
    for (int i = 0; i < FLAPS; i++) {
      subchannel.idle();
      subchannel.connecting();
      subchannel.ready();
      fleet.settle();
    }
    return (System.nanoTime() - startNanos) / FLAPS;
  }

  private static double median(UpdateCosts[] costs, ToDoubleFunction<UpdateCosts> figure) {
    double[] sorted = Arrays.stream(costs).mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
