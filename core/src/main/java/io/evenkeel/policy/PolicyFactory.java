package io.evenkeel.policy;

/** A configured policy that has not met a channel yet. Thread-safe. */
@FunctionalInterface
public interface PolicyFactory {

  /** Makes the policy of one channel. */
  Policy newPolicy(PolicyContext context);
}
