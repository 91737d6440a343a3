package io.evenkeel.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The attempts in flight on all endpoints that have joined it: those of one policy that compares
 * endpoints with their mean. Who uses no such policy pays nothing for it.
 *
 * <p>It never drifts: an endpoint that joins brings what it carries, one that leaves takes it
 * along, and nothing is counted twice or lost in between. Only changes that are just being made may
 * be missing. Thread-safe.
 */
public final class LoadSum {
  private final AtomicLong inFlight = new AtomicLong();

  /** Attempts that run now. */
  public long inFlight() {
    return inFlight.get();
  }

  void add(long delta) {
    inFlight.getAndAdd(delta);
  }
}
