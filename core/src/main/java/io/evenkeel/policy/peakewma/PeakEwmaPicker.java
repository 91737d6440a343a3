package io.evenkeel.policy.peakewma;

import io.evenkeel.load.EndpointLoad;
import io.evenkeel.load.Latency;
import io.evenkeel.load.LatencyRules;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.TwoChoices;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Sends each call to the cheaper of two endpoints drawn at random. An endpoint costs the latency to
 * expect of it, times the calls it would then have in flight for its weight.
 *
 * <p>An idle endpoint of which nothing is known costs nothing, so it gets a call; until that is
 * answered it costs the penalty, so it gets no more.
 *
 * <p>Thread-safe: the rotation never changes.
 *
 * @see <a
 *     href="https://twitter.github.io/finagle/guide/Clients.html#power-of-two-choices-p2c-least-loaded">Finagle,
 *     Power of Two Choices</a>
 */
final class PeakEwmaPicker implements Picker {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Rotation rotation;
  private final EndpointLoad[] loads;
  private final Latency[] latencies;
  private final TwoChoices draw;
  private final double meanWeight;
  private final LatencyRules rules;
  private final RandomGenerator random;

  PeakEwmaPicker(Rotation rotation, LatencyRules rules, RandomGenerator random) {
    this.rotation = rotation;
    this.loads = rotation.loads();
    this.latencies = new Latency[loads.length];
    double sum = 0;
    for (int i = 0; i < loads.length; i++) {
      latencies[i] = loads[i].measureLatency(rules);
      sum += rotation.weight(i);
    }
    this.meanWeight = sum / loads.length;
    this.draw = new TwoChoices(rotation);
    this.rules = rules;
    this.random = random;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    long number = random.nextLong();
    int first = draw.first(number);
    int other = draw.other(number, first);
    long now = rules.clock().lastNanos();
    return rotation.get(cost(other, now) < cost(first, now) ? other : first);
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    long number = random.nextLong();
    int first = draw.first(number);
    int other = draw.other(number, first);
    long now = rules.clock().lastNanos();
    int best = cost(other, now) < cost(first, now) ? other : first;
    int worse = best == first ? other : first;
    String reason =
        String.format(
            Locale.ROOT,
            "costs %.3f ms, and %s would cost %.3f ms",
            cost(best, now) / NANOS_PER_MILLI,
            rotation.get(worse).endpoint().displayAddress(),
            cost(worse, now) / NANOS_PER_MILLI);
    return new ExplainedPick(rotation.get(best), best == worse ? "the only one" : reason);
  }

  private double cost(int index, long now) {
    int calls = loads[index].inFlight();
    double latency = latencies[index].averageNanos(now);
    if (latency == 0) {
      latency = calls == 0 ? 0 : rules.penaltyNanos();
    }
    if (calls == 0) {
      return latency;
    }
    // A backend that hangs has answered quickly until now.
    latency = Math.max(latency, (double) latencies[index].oldestOpenNanos(now));
    return rotation.evenlyWeighted()
        ? latency * (calls + 1)
        : latency * (calls * meanWeight / rotation.weight(index) + 1);
  }
}
