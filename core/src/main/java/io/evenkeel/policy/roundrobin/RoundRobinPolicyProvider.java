package io.evenkeel.policy.roundrobin;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/**
 * {@code round_robin}: one endpoint after the other, whatever they weigh.
 *
 * <p>Choose it when calls cost about the same and backends are alike; it needs no measurement and
 * is easy to reason about. A pick costs one atomic increment, also when many threads pick at once.
 * The round goes on where it was when endpoints come and go. It has no settings.
 */
public final class RoundRobinPolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "round_robin";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    return RoundRobinPolicy::new;
  }
}
