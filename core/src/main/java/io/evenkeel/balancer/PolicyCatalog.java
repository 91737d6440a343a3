package io.evenkeel.balancer;

import io.evenkeel.config.NearestName;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.leastrequest.LeastRequestPolicyProvider;
import io.evenkeel.policy.maglev.MaglevPolicyProvider;
import io.evenkeel.policy.peakewma.PeakEwmaPolicyProvider;
import io.evenkeel.policy.random.RandomPolicyProvider;
import io.evenkeel.policy.rendezvous.RendezvousPolicyProvider;
import io.evenkeel.policy.ringhash.RingHashPolicyProvider;
import io.evenkeel.policy.roundrobin.RoundRobinPolicyProvider;
import io.evenkeel.policy.weightedrandom.WeightedRandomPolicyProvider;
import io.evenkeel.policy.weightedroundrobin.WeightedRoundRobinPolicyProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Every policy there is: Evenkeel's own, those that {@link ServiceLoader} finds, and those
 * registered by code. Thread-safe.
 */
public final class PolicyCatalog {
  private static final Logger LOGGER = System.getLogger(PolicyCatalog.class.getName());

  /**
   * Named here, and not through a services file, so that they survive a fat jar that loses such
   * files.
   */
  private static final List<PolicyProvider> BUILT_IN =
      List.of(
          new RoundRobinPolicyProvider(),
          new WeightedRoundRobinPolicyProvider(),
          new RandomPolicyProvider(),
          new WeightedRandomPolicyProvider(),
          new LeastRequestPolicyProvider(),
          new PeakEwmaPolicyProvider(),
          new RingHashPolicyProvider(),
          new MaglevPolicyProvider(),
          new RendezvousPolicyProvider());

  private static final Map<String, PolicyProvider> POLICIES = new ConcurrentSkipListMap<>();

  static {
    BUILT_IN.forEach(PolicyCatalog::register);
    registerFound(
        ServiceLoader.load(PolicyProvider.class, PolicyCatalog.class.getClassLoader()).iterator());
  }

  private PolicyCatalog() {}

  /**
   * Makes a policy available to every channel of this process under its name.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public static void register(PolicyProvider provider) {
    PolicyProvider taken = POLICIES.putIfAbsent(provider.name(), provider);
    if (taken != null && taken != provider) {
      throw new IllegalArgumentException(
          "policy \"" + provider.name() + "\": the name is taken by " + taken.getClass().getName());
    }
  }

  /** The policy of that name. */
  public static Optional<PolicyProvider> find(String name) {
    return Optional.ofNullable(POLICIES.get(name));
  }

  /** The names of all policies, sorted. */
  public static List<String> names() {
    return List.copyOf(POLICIES.keySet());
  }

  /** One bad provider on the class path must not take the others with it. */
  private static void registerFound(Iterator<PolicyProvider> found) {
    while (true) {
      try {
        if (!found.hasNext()) {
          return;
        }
        register(found.next());
      } catch (ServiceConfigurationError | IllegalArgumentException refused) {
        LOGGER.log(Level.WARNING, "a policy on the class path is left out", refused);
      }
    }
  }

  /** Ends an error message about an unknown policy with the nearest name there is. */
  static String hint(String name) {
    return NearestName.hint(name, names());
  }
}
