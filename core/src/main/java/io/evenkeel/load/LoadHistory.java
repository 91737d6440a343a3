package io.evenkeel.load;

/**
 * What is worth knowing of an endpoint that has no connection now.
 *
 * @param latencyNanos its average latency, 0 when it was not measured
 * @param measuredAtNanos when that was, by the clock that measured it
 * @param failures calls that it has failed
 */
public record LoadHistory(double latencyNanos, long measuredAtNanos, long failures) {

  /** Of an endpoint that nobody has called. */
  public static final LoadHistory NONE = new LoadHistory(0, 0, 0);
}
