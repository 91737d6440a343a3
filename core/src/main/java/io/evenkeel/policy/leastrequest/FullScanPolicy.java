package io.evenkeel.policy.leastrequest;

import io.evenkeel.load.LingerRules;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Keeps one tree, that of the newest rotation. */
final class FullScanPolicy implements Policy {
  private final double bias;
  private final LingerRules linger;
  private final RandomGenerator random;
  private @Nullable LeastLoadedTree tree; // sync context only

  FullScanPolicy(double bias, LingerRules linger, RandomGenerator random) {
    this.bias = bias;
    this.linger = linger;
    this.random = random;
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    LeastRequestPolicyProvider.lingerFailures(rotation, linger);
    LeastLoadedTree next = new LeastLoadedTree(rotation, bias);
    close();
    tree = next;
    return new FullScanPicker(rotation, next, random);
  }

  @Override
  public void close() {
    if (tree != null) {
      tree.close();
      tree = null;
    }
  }
}
