package io.evenkeel.discovery;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many go on at the same time, and the others wait in the order they came: so that a
 * thousand discoveries of one registry do not ask it at once. Nobody blocks. Whoever has waited
 * enough leaves the queue, so that it is bounded by the number of those who wait.
 *
 * <p>Thread-safe.
 */
public final class Turns {
  private final Set<Runnable> waiting = new LinkedHashSet<>(); // guarded by this
  private int free; // guarded by this

  /** {@code atOnce} is at least 1, or nobody ever has a turn. */
  public Turns(int atOnce) {
    this.free = atOnce;
  }

  /** Runs {@code begin} when there is a turn: now, or in the thread of whoever gives one back. */
  public void take(Runnable begin) {
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
  public synchronized boolean tryTake() {
    if (free == 0) {
      return false;
    }
    free--;
    return true;
  }

  /** Does not wait any longer for {@code begin}; it may run at the same moment. */
  public synchronized void leave(Runnable begin) {
    waiting.remove(begin);
  }

  /** Gives a turn back. */
  public void giveBack() {
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
