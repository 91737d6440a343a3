package io.evenkeel.example;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/** A user's own policy: always the endpoint at one place in the list. */
public final class FirstPolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "first";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    int place = config.intValue("place", 0, 0, 1000);
    return context -> rotation -> call -> rotation.get(Math.min(place, rotation.size() - 1));
  }
}
