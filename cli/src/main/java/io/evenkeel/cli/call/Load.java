package io.evenkeel.cli.call;

/**
 * How many calls, how fast, how many at once.
 *
 * @param calls how many at most; {@link #UNBOUNDED} where only time ends the run
 * @param durationNanos when no more calls start; {@link #UNBOUNDED} where only their number counts
 * @param intervalNanos from one call's start to the next's; 0 for as soon as another has ended
 * @param concurrency how many may run at once
 */
record Load(long calls, long durationNanos, long intervalNanos, int concurrency) {
  static final long UNBOUNDED = Long.MAX_VALUE;

  /** What a call's share of the run is, from 0 to 1. */
  double progress(long ended, long elapsedNanos) {
    double done =
        durationNanos == UNBOUNDED ? (double) ended / calls : (double) elapsedNanos / durationNanos;
    return Math.min(1, done);
  }
}
