package io.evenkeel.policy.leastrequest;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;

/**
 * {@code least_request}: the least busy of {@code choiceCount} endpoints drawn at random, without
 * drawing one twice.
 *
 * <p>Choose it when the cost of calls differs or backends differ in speed: a slow one collects
 * calls and is avoided by itself. A pick costs one random number and one volatile read per endpoint
 * drawn, however many there are.
 *
 * <p>Settings: {@code choiceCount}, {@value #MIN_CHOICES} to {@value #MAX_CHOICES}, default {@value
 * #MIN_CHOICES}. More choices send fewer calls to slow backends and make many clients follow the
 * same idle one.
 */
public final class LeastRequestPolicyProvider implements PolicyProvider {
  static final int MIN_CHOICES = 2;
  static final int MAX_CHOICES = 100;

  @Override
  public String name() {
    return "least_request";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    int choices = config.intValue("choiceCount", MIN_CHOICES, MIN_CHOICES, MAX_CHOICES);
    return context -> rotation -> new LeastRequestPicker(rotation, choices, context.random());
  }
}
