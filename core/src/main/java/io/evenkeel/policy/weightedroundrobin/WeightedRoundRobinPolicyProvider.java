package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/**
 * {@code weighted_round_robin}: endpoints in turn, each as often as its weight says.
 *
 * <p>Choose it when backends are of known, different sizes, or to send a new version a small share.
 * A pick costs one atomic increment and one look into a table, whatever the weights; the table is
 * made anew when endpoints come and go. It has no settings.
 */
public final class WeightedRoundRobinPolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "weighted_round_robin";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    return context -> new WeightedRoundRobinPolicy(context.random());
  }
}
