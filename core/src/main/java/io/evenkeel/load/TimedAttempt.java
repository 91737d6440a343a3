package io.evenkeel.load;

import org.jspecify.annotations.Nullable;

/** An attempt whose latency is measured. Thread-safe. */
final class TimedAttempt extends Attempt {
  final long startNanos;
  private final Latency latency;
  private volatile boolean answered;

  // The list of open attempts, by age; under the lock of their latency.
  @Nullable TimedAttempt older;
  @Nullable TimedAttempt newer;
  boolean open;

  TimedAttempt(EndpointLoad load, @Nullable ConnectionEpoch epoch, Latency latency) {
    super(load, epoch);
    this.latency = latency;
    this.startNanos = latency.now();
  }

  @Override
  public void inboundMessage(int seqNo) {
    if (!answered) {
      ended(Outcome.ANSWERED);
    }
  }

  @Override
  void closed(Outcome outcome) {
    // An answer may be followed by a failure, but not by a second answer.
    if (!answered || outcome == Outcome.FAILED) {
      ended(outcome);
    }
    super.closed(outcome);
  }

  @Override
  void release() {
    super.release();
    latency.close(this);
  }

  private void ended(Outcome outcome) {
    answered = true;
    long now = latency.now();
    latency.close(this);
    latency.add(outcome, now - startNanos, now);
  }
}
