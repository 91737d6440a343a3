package io.evenkeel.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another thread or process brings about. */
public final class Await {
  private static final long POLL_NANOS = Duration.ofMillis(2).toNanos();

  private Await() {}

  /**
   * Waits until {@code value} satisfies {@code condition}, and returns it.
   *
   * @throws AssertionError with the last value, if that takes longer than {@code bound}
   */
  public static <T> T until(Duration bound, Callable<T> value, Predicate<? super T> condition)
      throws Exception {
    long start = System.nanoTime();
    T last = value.call();
    while (!condition.test(last)) {
      if (System.nanoTime() - start > bound.toNanos()) {
        throw new AssertionError("still " + last + " after " + bound);
      }
      LockSupport.parkNanos(POLL_NANOS);
      last = value.call();
    }
    return last;
  }

  /**
   * Watches that {@code value} satisfies {@code condition} for all of {@code duration}.
   *
   * @throws AssertionError with the value, as soon as it does not
   */
  public static <T> void always(
      Duration duration, Callable<T> value, Predicate<? super T> condition) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < duration.toNanos()) {
      T now = value.call();
      if (!condition.test(now)) {
        throw new AssertionError(now + " within " + duration);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
