package io.evenkeel.discovery.consul;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many go on at the same time, and the others wait in the order they came. Whoever has
 * waited enough leaves the queue, so that it is bounded by the number of those who wait.
 * Thread-safe.
 */
final class Turns {
  private final Set<Runnable> waiting = new LinkedHashSet<>(); // guarded by this
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

  /** Does not wait any longer for {@code begin}; it may run at the same moment. */
  synchronized void leave(Runnable begin) {
    waiting.remove(begin);
  }

  /** Gives a turn back. */
  void giveBack() {
    Runnable next = next();
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Iterator<Runnable> first = waiting.iterator();
    if (!first.hasNext()) {
      free++;
      return null;
    }
    Runnable next = first.next();
    first.remove();
    return next;
  }
}
