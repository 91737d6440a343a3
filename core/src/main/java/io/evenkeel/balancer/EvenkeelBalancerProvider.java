package io.evenkeel.balancer;

import io.evenkeel.config.ConfigException;
import io.evenkeel.load.LoadMemory;
import io.evenkeel.policy.PolicyContext;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.Map;

/**
 * Makes the policy name {@code evenkeel} known to gRPC. Found through gRPC's registry; nobody need
 * name it.
 */
public final class EvenkeelBalancerProvider extends LoadBalancerProvider {
  private static final int PRIORITY = 5; // the default; nothing else has this name

  /** Of the process, as an idle channel forgets its balancer. */
  private static final LoadMemory MEMORY = new LoadMemory(System::nanoTime);

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  @Override
  public String getPolicyName() {
    return "evenkeel";
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return new EvenkeelBalancer(
        helper,
        new PolicyContext(
            ThreadLocalRandomGenerator.INSTANCE, System::nanoTime, new GuardedTimer(helper)),
        InstantSource.system(),
        MEMORY);
  }

  @Override
  public ConfigOrError parseLoadBalancingPolicyConfig(Map<String, ?> config) {
    try {
      return ConfigOrError.fromConfig(BalancerConfig.parse(config));
    } catch (ConfigException refused) {
      return ConfigOrError.fromError(
          Status.INVALID_ARGUMENT.withDescription(refused.getMessage()).withCause(refused));
    }
  }
}
