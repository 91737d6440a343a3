package io.evenkeel.retry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One channel's bound on retries and hedges together: a part of the calls and a floor. When
 * everything fails, retries then add that part to the load and no more, from the first window of an
 * outage on.
 *
 * <h2>How it works</h2>
 *
 * Time is cut into {@value #SLOTS} slots a window.
 *
 * <ol>
 *   <li>What the calls of the last window have earned may be spent at once: the loss of a busy
 *       endpoint fails many calls in one moment.
 *   <li>What is not spent within the window is forgotten. After a quiet hour an outage must not
 *       begin with more further attempts than it goes on with.
 *   <li>What is spent in one moment is a debt that later calls pay off. Windows alone would allow
 *       the same burst again at the end of each.
 * </ol>
 *
 * So over any stretch of time that is as long as a window or longer, further attempts are at most
 * the part of the calls in it, and the floor times its length; give or take a slot, one attempt,
 * and one for each thread that starts one at the same moment.
 *
 * <p>Calls that succeed at once pay nothing: how many there were is asked when one is to be tried
 * again, and at most once a slot.
 *
 * <p>Thread-safe. Asking and spending take one step each and no lock, but for the first asking in
 * each slot.
 *
 * @see <a
 *     href="https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala">Finagle,
 *     RetryBudget</a>
 */
public final class RetryBudget {
  private static final int SLOTS = 20;

  /** The window, and the slot that is not over yet and has earned nothing. */
  private static final int RING = SLOTS + 1;

  private static final double SECOND_NANOS = 1e9;

  private final LongSupplier attempts;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final AtomicLong spent = new AtomicLong(); // further attempts ever
  private volatile double ceiling; // what spent may come to before the end of the slot
  private volatile long slotEndNanos; // since the start

  // All that follows is under the lock.
  private RetryBudgetConfig config;
  private final double[] calls = new double[RING];
  private final long[] further = new long[RING];
  private int newest; // the slot that is not over yet
  private double debt; // of slots that are over and out of the window; 0 or less
  private long seenAttempts;
  private long seenSpent;

  /**
   * A budget of which nothing is spent.
   *
   * @param attempts that the channel has ever started, further ones included; may take long
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  public RetryBudget(RetryBudgetConfig config, LongSupplier attempts, LongSupplier nanoTime) {
    this.config = config;
    this.attempts = attempts;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.seenAttempts = attempts.getAsLong();
    this.slotEndNanos = slotNanos(config);
    this.ceiling = left();
  }

  /**
   * Allows by {@code next} from now on, as if it had been so all along: what is spent stays spent,
   * and the calls of the last window count, as far as they are within the next one.
   */
  public synchronized void reconfigure(RetryBudgetConfig next) {
    endSlots();
    RetryBudgetConfig before = config;
    config = next;
    if (!next.window().equals(before.window())) {
      slotEndNanos = elapsedNanos() + slotNanos(next);
      stretchSlots((double) slotNanos(next) / slotNanos(before));
    }
    ceiling = seenSpent + left();
  }

  /** Whether one more attempt may start now. Asking spends nothing. */
  public boolean available() {
    if (elapsedNanos() >= slotEndNanos) {
      endSlots();
    }
    return spent.get() < ceiling;
  }

  /** A further attempt of a call starts. */
  public void spend() {
    spent.incrementAndGet();
  }

  private synchronized void endSlots() {
    long endNanos = slotEndNanos;
    long overdueNanos = elapsedNanos() - endNanos;
    if (overdueNanos < 0) {
      return; // another thread was first
    }
    long ended = overdueNanos / slotNanos(config) + 1;
    double started = takeCounts() / ended;
    for (long i = Math.min(ended, RING); i > 0; i--) {
      endSlot(started);
    }
    // The slots of a long silence have spent nothing.
    debt = Math.min(0, debt + Math.max(0, ended - RING) * earned(started));
    ceiling = seenSpent + left();
    // Last, so that nobody goes by the old ceiling meanwhile, but waits.
    slotEndNanos = endNanos + ended * slotNanos(config);
  }

  /** What a longer slot would have seen is not known. */
  private void stretchSlots(double factor) {
    for (int i = 0; i < RING; i++) {
      calls[i] *= Math.min(1, factor);
    }
  }

  /** Takes what was spent since the last time; answers the calls that were started since. */
  private double takeCounts() {
    long spentNow = spent.get();
    long spentSince = spentNow - seenSpent;
    long attemptsNow = attempts.getAsLong();
    // Endpoints that have left take their attempts along.
    double started = Math.max(0, attemptsNow - seenAttempts - spentSince);
    further[newest] += spentSince;
    seenSpent = spentNow;
    seenAttempts = attemptsNow;
    return started;
  }

  /** Ends the newest slot, in which {@code started} calls have begun, and forgets the oldest. */
  private void endSlot(double started) {
    calls[newest] = started;
    newest = (newest + 1) % RING;
    debt = Math.min(0, debt + earned(calls[newest]) - further[newest]);
    calls[newest] = 0;
    further[newest] = 0;
  }

  /** What may be spent now. */
  private double left() {
    double left = debt;
    for (int i = 0; i < RING; i++) {
      left += i == newest ? 0 : earned(calls[i]);
      left -= further[i];
    }
    return left;
  }

  /** By a slot in which {@code started} calls have begun. */
  private double earned(double started) {
    return config.percent() / 100.0 * started
        + config.minPerSecond() * (slotNanos(config) / SECOND_NANOS);
  }

  private long elapsedNanos() {
    return nanoTime.getAsLong() - startNanos;
  }

  private static long slotNanos(RetryBudgetConfig config) {
    return config.window().toNanos() / SLOTS;
  }
}
