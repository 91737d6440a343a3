package io.evenkeel.retry;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long the answers of late have taken, as a histogram. Latencies are told apart by {@value
 * #PARTS} parts of each power of two, so a percentile is at most 1/{@value #PARTS} too high.
 *
 * <p>It remembers the last {@value #WINDOWS} windows, the current one included; {@link #nextWindow}
 * ends one. Adding a latency is one atomic addition. Thread-safe.
 */
public final class RecentLatencies {
  /** Answers fewer than these say nothing of a percentile. */
  public static final int ENOUGH = 50;

  /** There are too few answers. */
  public static final long UNKNOWN = -1;

  private static final int WINDOWS = 6;
  private static final int PARTS = 16;
  private static final int PART_BITS = 4;
  private static final int SMALLEST_BITS = 10; // about a microsecond
  private static final int LARGEST_BITS = 40; // about 18 minutes
  private static final int BUCKETS = (LARGEST_BITS - SMALLEST_BITS) * PARTS;

  private final AtomicIntegerArray[] windows = new AtomicIntegerArray[WINDOWS];
  private volatile int current;

  /** A histogram of nothing. */
  public RecentLatencies() {
    for (int i = 0; i < WINDOWS; i++) {
      windows[i] = new AtomicIntegerArray(BUCKETS);
    }
  }

  /** An answer has taken {@code nanos}. */
  public void add(long nanos) {
    windows[current].getAndIncrement(bucketOf(nanos));
  }

  /** Begins a window and forgets the oldest. One thread at a time. */
  public void nextWindow() {
    int next = (current + 1) % WINDOWS;
    AtomicIntegerArray oldest = windows[next];
    for (int i = 0; i < BUCKETS; i++) {
      oldest.set(i, 0);
    }
    current = next;
  }

  /**
   * What {@code percent} of the answers have taken at most; {@link #UNKNOWN} when there are fewer
   * than {@value #ENOUGH}. Takes microseconds.
   */
  public long percentileNanos(double percent) {
    long[] counts = new long[BUCKETS];
    long total = 0;
    for (AtomicIntegerArray window : windows) {
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] += window.get(i);
        total += window.get(i);
      }
    }
    if (total < ENOUGH) {
      return UNKNOWN;
    }
    long rank = (long) Math.ceil(percent / 100 * total);
    int bucket = 0;
    for (long below = counts[0]; below < rank && bucket < BUCKETS - 1; below += counts[bucket]) {
      bucket++;
    }
    return upperEnd(bucket);
  }

  private static int bucketOf(long nanos) {
    long inRange = Math.max(1L << SMALLEST_BITS, Math.min(nanos, (1L << LARGEST_BITS) - 1));
    int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(inRange);
    int part = (int) (inRange >>> (bits - PART_BITS)) & (PARTS - 1);
    return (bits - SMALLEST_BITS) * PARTS + part;
  }

  private static long upperEnd(int bucket) {
    int bits = bucket / PARTS + SMALLEST_BITS;
    return (long) (PARTS + bucket % PARTS + 1) << (bits - PART_BITS);
  }
}
