package io.evenkeel.discovery.consul;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many go on at the same time, and the others wait in the order they came. Whoever waits is
 * bound to come back only once, so the queue is bounded by their number. Thread-safe.
 */
final class Turns {
  private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
  private int free; // guarded by this

  Turns(int atOnce) {
    this.free = atOnce;
  }

  /** Runs {@code begin} when there is a turn: now, or in the thread of whoever gives one back. */
  void take(Runnable begin) {
    if (!tryTake(begin)) {
      return;
    }
    begin.run();
  }

  private synchronized boolean tryTake(Runnable begin) {
    if (tryTake()) {
      return true;
    }
    waiting.add(begin);
    return false;
  }

  /** Takes a turn if there is one now; does not wait for one. */
  synchronized boolean tryTake() {
    if (free == 0) {
      return false;
    }
    free--;
    return true;
  }

  /** Gives a turn back. */
  void giveBack() {
    Runnable next = next();
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    if (next == null) {
      free++;
    }
    return next;
  }
}
