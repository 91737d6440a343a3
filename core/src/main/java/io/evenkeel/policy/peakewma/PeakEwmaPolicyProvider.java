package io.evenkeel.policy.peakewma;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.load.CallClock;
import io.evenkeel.load.LatencyRules;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import java.time.Duration;

/**
 * {@code peak_ewma}: of two endpoints drawn at random, the one that is likely to answer first, by
 * its latency and its calls in flight.
 *
 * <p>Choose it when backends differ in speed or distance, or slow down from time to time: one slow
 * answer is enough to be avoided, and a backend that hangs is avoided before it answers at all. One
 * that fails fast does not look fast. A pick costs one random number and a few volatile reads; each
 * call costs two looks at the clock and two short locks. It suits unary calls; how long a stream
 * lasts says nothing of its backend, so of a stream only the time to its first message counts.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code decay}, 0.1 s to 10 min, default 10 s: after this time a latency has lost 63 % of
 *       its height. Shorter forgives sooner.
 *   <li>{@code penalty}, 1 ms to 10 min, default 5 s: the latency that a failed call counts as, and
 *       that of an endpoint whose first answer is awaited. It should be longer than good answers
 *       take.
 * </ul>
 */
public final class PeakEwmaPolicyProvider implements PolicyProvider {
  private static final Duration DEFAULT_DECAY = Duration.ofSeconds(10);
  private static final Duration MIN_DECAY = Duration.ofMillis(100);
  private static final Duration DEFAULT_PENALTY = Duration.ofSeconds(5);
  private static final Duration MIN_PENALTY = Duration.ofMillis(1);
  private static final Duration MAX = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "peak_ewma";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    Duration decay = config.durationValue("decay", DEFAULT_DECAY, MIN_DECAY, MAX);
    Duration penalty = config.durationValue("penalty", DEFAULT_PENALTY, MIN_PENALTY, MAX);
    return context -> {
      LatencyRules rules =
          new LatencyRules(new CallClock(context.nanoTime()), decay.toNanos(), penalty.toNanos());
      return rotation -> new PeakEwmaPicker(rotation, rules, context.random());
    };
  }
}
