package io.evenkeel.policy.random;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/**
 * {@code random}: any endpoint, each as likely as the other, whatever they weigh.
 *
 * <p>Choose it when very many clients each make few calls, where rounds that start together would
 * march in step. A pick costs one random number and shares nothing between threads. Over few calls
 * shares are less even than in a round. It has no settings.
 */
public final class RandomPolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "random";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    return context -> rotation -> new RandomPicker(rotation, context.random());
  }
}
