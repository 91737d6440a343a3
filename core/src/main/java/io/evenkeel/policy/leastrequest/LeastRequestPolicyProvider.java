package io.evenkeel.policy.leastrequest;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.load.LingerRules;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.Rotation;

/**
 * {@code least_request}: the least busy of {@code choiceCount} endpoints drawn at random, without
 * drawing one twice; or, with {@code fullScan}, the least busy of all.
 *
 * <p>Choose it when the cost of calls differs or backends differ in speed: a slow one collects
 * calls and is avoided by itself. One that fails at once draws no calls by it: a failure counts as
 * a call in flight until the endpoint answers again, for 2 s at most. A pick costs one random
 * number and one volatile read per endpoint drawn, however many there are. With {@code fullScan} it
 * costs log2 n steps of two volatile reads, and so do the start and the end of a call at most;
 * choose that for few or long calls, where an unlucky draw hurts, and not for very many clients of
 * the same backends, which would all follow the same idle one.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code choiceCount}, {@value #MIN_CHOICES} to {@value #MAX_CHOICES}, default {@value
 *       #MIN_CHOICES}. More choices send fewer calls to slow backends and make many clients follow
 *       the same idle one.
 *   <li>{@code fullScan}, default false.
 *   <li>{@code activeRequestBias}, 0 to {@value #MAX_BIAS}, default 1: how much calls in flight
 *       count where weights differ. An endpoint is as busy as its calls to the power of the bias,
 *       divided by its weight. With 1, one of twice the weight carries twice the calls; with 0
 *       calls go by weight alone, which {@code fullScan} does not allow. It has no effect where all
 *       weights are alike.
 * </ul>
 */
public final class LeastRequestPolicyProvider implements PolicyProvider {
  static final int MIN_CHOICES = 2;
  static final int MAX_CHOICES = 100;
  static final double MAX_BIAS = 10;

  @Override
  public String name() {
    return "least_request";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    int choices = config.intValue("choiceCount", MIN_CHOICES, MIN_CHOICES, MAX_CHOICES);
    double bias = config.doubleValue("activeRequestBias", 1, 0, MAX_BIAS);
    if (!config.booleanValue("fullScan", false)) {
      return context -> {
        LingerRules linger = linger(context);
        return Policy.byWeight(
            rotation -> {
              lingerFailures(rotation, linger);
              return new LeastRequestPicker(rotation, choices, bias, context.random());
            });
      };
    }
    if (config.fieldNames().contains("choiceCount")) {
      throw config.wrong("choiceCount", choices, "none, as fullScan compares all endpoints");
    }
    if (bias == 0) {
      throw config.wrong("activeRequestBias", bias, "more than 0 with fullScan");
    }
    return context -> new FullScanPolicy(bias, linger(context), context.random());
  }

  /** Lets failures count as calls in flight for a while. */
  static void lingerFailures(Rotation rotation, LingerRules rules) {
    for (int i = 0; i < rotation.size(); i++) {
      rotation.get(i).load().lingerFailures(rules);
    }
  }

  private static LingerRules linger(PolicyContext context) {
    return new LingerRules(context.timer()::schedule, context.nanoTime());
  }
}
