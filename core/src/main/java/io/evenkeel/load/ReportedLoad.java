package io.evenkeel.load;

import java.io.IOException;

/**
 * The weight that one endpoint's own reports give it.
 *
 * <p>A weight counts once reports have come for the blackout period, so that a server that has just
 * started is not judged by its first moments, and no longer when no report has come for the
 * expiration period. With each new connection the blackout begins again.
 *
 * <p>Thread-safe. Not for the hot path: takes a lock.
 *
 * @see <a
 *     href="https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
 *     A58</a>
 */
public final class ReportedLoad {
  private final ReportRules rules;
  private double weight; // 0 while no report counts or is to count
  private long firstNanos;
  private long lastNanos;

  ReportedLoad(ReportRules rules) {
    this.rules = rules;
  }

  /** The weight that counts at {@code nowNanos}; 0 when none does. */
  public synchronized double weight(long nowNanos) {
    if (weight > 0 && nowNanos - lastNanos >= rules.expirationNanos()) {
      weight = 0;
    }
    return nowNanos - firstNanos < rules.blackoutNanos() ? 0 : weight;
  }

  /**
   * After how long {@link #weight} changes by the passing of time alone; {@link Long#MAX_VALUE}
   * when it does not.
   */
  public synchronized long changesInNanos(long nowNanos) {
    if (weight == 0) {
      return Long.MAX_VALUE;
    }
    long blackoutLeft = firstNanos + rules.blackoutNanos() - nowNanos;
    return blackoutLeft > 0 ? blackoutLeft : lastNanos + rules.expirationNanos() - nowNanos;
  }

  ReportRules rules() {
    return rules;
  }

  /** Takes a report in protobuf's binary form; one that cannot be read or says nothing is none. */
  void accept(byte[] report) {
    try {
      accept(LoadReport.decode(report).weight(rules.errorPenalty()));
    } catch (IOException notAReport) {
      // A call has succeeded all the same; without reports the weight will expire.
    }
  }

  /** The connection is gone: what comes next is another process, perhaps. */
  synchronized void connectionLost() {
    weight = 0;
  }

  private void accept(double reported) {
    if (reported > 0) {
      take(reported, rules.nanoTime().getAsLong());
      rules.onReport().run();
    }
  }

  private synchronized void take(double reported, long nowNanos) {
    if (weight == 0 || nowNanos - lastNanos >= rules.expirationNanos()) {
      firstNanos = nowNanos;
    }
    lastNanos = nowNanos;
    weight = reported;
  }
}
