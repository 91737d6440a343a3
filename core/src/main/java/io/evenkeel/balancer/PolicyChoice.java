package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyFactory;
import java.util.Map;

/**
 * A policy and its settings as service config chose them. Equal choices are the same policy: a
 * config that comes again unchanged switches nothing.
 */
record PolicyChoice(String name, Map<String, ?> settings, PolicyFactory factory) {

  @Override
  public boolean equals(Object other) {
    return other instanceof PolicyChoice choice
        && name.equals(choice.name)
        && settings.equals(choice.settings);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + settings.hashCode();
  }
}
