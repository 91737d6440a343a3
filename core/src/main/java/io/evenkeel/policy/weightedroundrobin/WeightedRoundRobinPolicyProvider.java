package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/**
 * {@code weighted_round_robin}: endpoints in turn, each as often as its weight says. The weight is
 * what discovery says of the endpoint, times what the endpoint reports of itself: the calls per
 * second that all of it could serve.
 *
 * <p>Choose it when backends are of different sizes, or to send a new version a small share. Where
 * servers report their load, leave their weights in discovery alike, and use those for what you
 * want rather than for what they can do: reports tell how large a server is. A pick costs one
 * atomic increment and one look into a table, whatever the weights; the table is made anew when
 * endpoints come and go, and within {@code weightUpdatePeriod} after reports have changed.
 *
 * <p>Settings, those of reports named as in gRFC A58:
 *
 * <ul>
 *   <li>{@code useReportedLoad}, default true: whether reports count. Servers that send none cost
 *       nothing.
 *   <li>{@code enableOobLoadReport}, default false: take reports from a stream to each server in
 *       place of the trailers of calls, every {@code oobReportingPeriod}, 0.1 s to 1 h, default 10
 *       s. For servers with few or long calls.
 *   <li>{@code blackoutPeriod}, 0 to 1 h, default 10 s: how long reports must have come before they
 *       count.
 *   <li>{@code weightExpirationPeriod}, 1 s to 1 h, default 3 min: how long the last report counts.
 *   <li>{@code weightUpdatePeriod}, 0.1 s to 1 h, default 1 s.
 *   <li>{@code errorUtilizationPenalty}, 0 to 1000, default 1: a server that fails one call in ten
 *       counts as a tenth of this busier.
 * </ul>
 *
 * @see <a
 *     href="https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
 *     A58</a>
 */
public final class WeightedRoundRobinPolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "weighted_round_robin";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    ReportSettings settings = ReportSettings.read(config);
    return context -> new WeightedRoundRobinPolicy(context, settings);
  }
}
