package io.evenkeel.load;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** An attempt whose latency is measured. Thread-safe. */
class TimedAttempt extends Attempt {
  final long startNanos;
  private final @Nullable CallClock clock; // null when only its end is of interest
  private final @Nullable Latency latency; // null when its policy does not want it
  private volatile boolean answered;

  // The list of open attempts, by age; under the lock of their latency.
  @Nullable TimedAttempt older;
  @Nullable TimedAttempt newer;
  boolean open;

  TimedAttempt(
      EndpointLoad load,
      @Nullable CallAttempts call,
      @Nullable CallClock clock,
      @Nullable Latency latency) {
    super(load, call);
    this.clock = clock;
    this.latency = latency;
    this.startNanos = clock == null ? 0 : clock.readNanos();
    if (latency != null && call != null && call.endsWithItsAnswer()) {
      latency.open(this);
    }
  }

  @Override
  public final void inboundMessage(int seqNo) {
    if (!answered) {
      ended(Outcome.ANSWERED);
    }
  }

  @Override
  void closed(Outcome outcome, Status status) {
    // An answer may be followed by a failure, but not by a second answer.
    if (!answered || outcome == Outcome.FAILED) {
      ended(outcome);
    }
    super.closed(outcome, status);
  }

  @Override
  final void release() {
    super.release();
    if (latency != null) {
      latency.close(this);
    }
  }

  final boolean isTimed() {
    return clock != null;
  }

  /** It has taken so long to the first message, or to the end when there was none. */
  void measured(long elapsedNanos) {}

  private void ended(Outcome outcome) {
    boolean first = !answered;
    answered = true;
    if (clock == null) {
      return;
    }
    long now = clock.readNanos();
    if (first) {
      measured(now - startNanos);
    }
    if (latency != null) {
      latency.close(this);
      latency.add(outcome, now - startNanos, now);
    }
  }
}
