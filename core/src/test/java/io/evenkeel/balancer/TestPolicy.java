package io.evenkeel.balancer;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A policy that does what the test says. The catalog keeps what it was given for the life of the
 * process, so one provider per name is registered once and used again.
 */
public final class TestPolicy implements PolicyProvider {
  private static final Map<String, TestPolicy> REGISTERED = new ConcurrentHashMap<>();
  private static final PolicyFactory UNUSED =
      context -> {
        throw new AssertionError("the test that owns this policy is over");
      };

  private final String name;
  private volatile PolicyFactory factory = UNUSED;

  private TestPolicy(String name) {
    this.name = name;
  }

  /** The policy of that name, which the catalog knows from now on. */
  public static TestPolicy register(String name) {
    TestPolicy policy = REGISTERED.computeIfAbsent(name, TestPolicy::new);
    PolicyCatalog.register(policy);
    return policy;
  }

  /** What to make from now on. */
  public void use(PolicyFactory factory) {
    this.factory = factory;
  }

  /** Makes pickers that throw at every pick from now on. */
  public void breakEveryPick() {
    use(
        context ->
            rotation ->
                call -> {
                  throw new IllegalStateException("broken");
                });
  }

  /** Makes nothing any more. */
  public void forget() {
    factory = UNUSED;
  }

  /** The {@code evenkeel} object that chooses this policy. */
  public Map<String, ?> config() {
    return Map.of("policy", Map.of(name, Map.of()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    return factory;
  }
}
