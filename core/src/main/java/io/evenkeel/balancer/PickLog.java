package io.evenkeel.balancer;

import io.evenkeel.PickRecord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Keeps the last picks; older ones make room. Thread-safe. */
final class PickLog {
  private final int size;
  private final Queue<PickRecord> picks = new ArrayDeque<>(); // guarded by this

  PickLog(int size) {
    this.size = size;
  }

  synchronized void add(PickRecord pick) {
    if (picks.size() == size) {
      picks.remove();
    }
    picks.add(pick);
  }

  /** The picks that are kept, the oldest first. */
  synchronized List<PickRecord> picks() {
    return List.copyOf(picks);
  }
}
