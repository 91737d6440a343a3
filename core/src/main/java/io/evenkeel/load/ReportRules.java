package io.evenkeel.load;

import java.util.function.LongSupplier;

/**
 * How reports of load become weights. Equal rules share their reports.
 *
 * @param nanoTime the clock, as {@link System#nanoTime}
 * @param errorPenalty the part of an endpoint that one error per call counts as
 * @param blackoutNanos how long reports must have come before they count
 * @param expirationNanos how long the last report counts
 * @param source where reports come from
 * @param onReport runs after each report, on the thread that brings it; must not block or throw
 */
public record ReportRules(
    LongSupplier nanoTime,
    double errorPenalty,
    long blackoutNanos,
    long expirationNanos,
    Source source,
    Runnable onReport) {

  /** Where reports come from. */
  public enum Source {
    /** The trailers of each call. */
    TRAILERS,
    /** A stream of its own: {@link LoadReportWatch}. */
    STREAM
  }
}
