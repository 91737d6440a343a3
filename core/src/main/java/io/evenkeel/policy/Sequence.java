package io.evenkeel.policy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that count up, for any number of threads at once.
 *
 * <h2>How it works</h2>
 *
 * As long as threads do not meet, they share one counter, and numbers come strictly in order. A
 * single counter that two processors write costs each of them many times what it costs one alone.
 * So once two threads have met, each draws a batch of consecutive numbers from the counter and
 * takes them one by one from a cell of its own. No number is given twice; a batch is left out when
 * two threads of one cell draw at the same moment, and the order between threads is loose, by less
 * than a batch each.
 *
 * <p>Once a batch lasts {@value #QUIET_MILLIS} ms, a single counter costs nobody anything any more:
 * threads return to it, and numbers come in order again. That is found out when a batch is used up,
 * so a pick does not pay for it; what is left of other batches is left out.
 *
 * <p>Thread-safe and lock-free.
 */
public final class Sequence {
  /**
   * Odd and prime, so that batches of different threads do not begin at the same place of a round.
   */
  private static final int BATCH = 61;

  private static final int CELLS = cellsFor(Runtime.getRuntime().availableProcessors());

  private static final int CELL_SHIFT = Integer.numberOfLeadingZeros(CELLS - 1);

  /** One cell on every second cache line of 64 bytes: processors fetch lines in pairs. */
  private static final int CELL_STRIDE = 16;

  /** Before the first cell, on a cache line of its own: when the latest batch was drawn. */
  private static final int DRAWN_AT = 0;

  /** With fewer than some 600 numbers a second, threads hardly ever meet. */
  static final int QUIET_MILLIS = 100;

  private static final long QUIET_NANOS = QUIET_MILLIS * 1_000_000L;

  private static final int LEFT_BITS = 8;
  private static final int LEFT_MASK = (1 << LEFT_BITS) - 1;

  private final LongSupplier nanoTime;
  private final AtomicInteger counter;
  private volatile @Nullable AtomicLongArray cells; // null while threads do not meet

  /** Counts up from {@code start}; {@code nanoTime} is as {@link System#nanoTime}. */
  public Sequence(int start, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.counter = new AtomicInteger(start);
  }

  /** The next number, from 0 to {@link Integer#MAX_VALUE} and round again. */
  public int next() {
    AtomicLongArray own = cells;
    return (own == null ? nextShared() : nextOfCell(own)) & Integer.MAX_VALUE;
  }

  private int nextShared() {
    int number = counter.get();
    if (counter.compareAndSet(number, number + 1)) {
      return number;
    }
    // Made twice by two threads at once, one of them is dropped with a batch at the most.
    AtomicLongArray made = new AtomicLongArray((CELLS + 1) * CELL_STRIDE);
    made.set(DRAWN_AT, nanoTime.getAsLong());
    cells = made;
    return nextOfCell(made);
  }

  /** A cell holds the next number above {@link #LEFT_BITS} bits that say how many are left. */
  private int nextOfCell(AtomicLongArray own) {
    int cell = cellOfThread();
    while (true) {
      long state = own.get(cell);
      int left = (int) (state & LEFT_MASK);
      if (left == 0) {
        if (isQuiet(own)) {
          cells = null;
          return counter.getAndIncrement();
        }
        int first = counter.getAndAdd(BATCH);
        if (own.compareAndSet(cell, state, pack(first + 1, BATCH - 1))) {
          return first;
        }
      } else if (own.compareAndSet(cell, state, pack((int) (state >> LEFT_BITS) + 1, left - 1))) {
        return (int) (state >> LEFT_BITS);
      }
    }
  }

  /** Whether nobody has drawn a batch for a while; the caller draws one now. */
  private boolean isQuiet(AtomicLongArray own) {
    long now = nanoTime.getAsLong();
    long drawnAt = own.get(DRAWN_AT);
    own.lazySet(DRAWN_AT, now);
    return now - drawnAt >= QUIET_NANOS;
  }

  /** Whether numbers come strictly in order. */
  boolean isStrict() {
    return cells == null;
  }

  private static long pack(int number, int left) {
    return ((long) number << LEFT_BITS) | left;
  }

  private static int cellOfThread() {
    int id = (int) Thread.currentThread().getId();
    // The upper bits: threads that were started one after the other never meet in one cell there.
    return ((id * 0x9E37_79B9) >>> CELL_SHIFT) * CELL_STRIDE + CELL_STRIDE;
  }

  /** Four times the processors, as a power of two, so that threads seldom share a cell. */
  private static int cellsFor(int processors) {
    return Integer.highestOneBit(Math.max(1, processors * 4 - 1)) << 1;
  }
}
