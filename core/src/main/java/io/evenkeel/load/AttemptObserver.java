package io.evenkeel.load;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Hears of each attempt on one endpoint that has had a stream; one that ends before, for want of
 * credentials say, is not the endpoint's.
 *
 * <p>Called on the threads that make the calls, several at a time, so it must be thread-safe and
 * quick. What it throws harms no call: it is counted ({@link EndpointLoad#observerFaults}).
 */
public interface AttemptObserver {

  /** The latency of an attempt that was not measured. */
  long NOT_MEASURED = -1;

  /**
   * The clock to measure latencies by; null, the default, for none. Where a policy measures them
   * anyway, its clock is taken. Asked at the start of each attempt.
   */
  default @Nullable CallClock clock() {
    return null;
  }

  /**
   * The stream of an attempt starts.
   *
   * @param further whether the same call has had an attempt before, here or on another endpoint;
   *     never for a call without {@link CallAttempts}
   */
  void onStart(boolean further);

  /**
   * The stream of an attempt has ended, and counts as in flight no more. Called once after each
   * {@link #onStart}.
   *
   * @param status how it has ended
   * @param fromServer whether the server has sent anything, so that the status is its own unless
   *     the connection broke afterwards
   * @param latencyNanos the time to the first message, or to the end when there was none, from when
   *     the attempt was given to the endpoint; {@link #NOT_MEASURED} when no clock was read
   * @param inFlightAtStart attempts that were in flight on the endpoint with this one when it
   *     started
   */
  void onEnd(Status status, boolean fromServer, long latencyNanos, int inFlightAtStart);
}
