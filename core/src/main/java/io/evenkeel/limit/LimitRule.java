package io.evenkeel.limit;

/** Moves a limit by what a window of answers has shown. One thread at a time. */
interface LimitRule {

  /** The limit after {@code limit}, not yet brought between its bounds. */
  double next(double limit, Window window);

  /**
   * What a window of answers has shown.
   *
   * @param meanNanos the latency of those that were not dropped; 0 when all were, or when the
   *     window before has taken their latencies
   * @param inFlight the most calls that were in flight when one of them started
   * @param dropped whether a call was refused or timed out, as calls are where there is too much to
   *     do
   */
  record Window(double meanNanos, int inFlight, boolean dropped) {

    /**
     * Whether the answers say anything. A limit that is divided by no latency would never be one.
     */
    boolean measured() {
      return meanNanos > 0 || dropped;
    }

    /** Whether so few calls were in flight that the answers say nothing of the limit. */
    boolean unused(double limit) {
      return inFlight * 2.0 < limit;
    }
  }
}
