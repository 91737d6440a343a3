package io.evenkeel.policy.weightedrandom;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.AliasTable;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/**
 * {@code weighted_random}: any endpoint, each as likely as its weight says.
 *
 * <p>Choose it instead of {@code weighted_round_robin} when very many clients each make few calls,
 * where sequences that start together would march in step. A pick costs one random number and one
 * look into a table, whatever the weights, and shares nothing between threads; the table is made
 * anew when endpoints come and go. It has no settings.
 */
public final class WeightedRandomPolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "weighted_random";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    return context ->
        Policy.byWeight(
            rotation ->
                new WeightedRandomPicker(rotation, AliasTable.of(rotation), context.random()));
  }
}
