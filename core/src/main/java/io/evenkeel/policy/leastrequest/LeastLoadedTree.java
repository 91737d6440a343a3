package io.evenkeel.policy.leastrequest;

import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Rotation;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Knows the least loaded of all endpoints at any moment.
 *
 * <h2>How it works</h2>
 *
 * A tournament: endpoints are the leaves of a binary tree, and each node above holds the cost of
 * the less loaded of the two below it. Who asks goes down from the root to the cheaper side; where
 * both sides cost the same, chance decides in proportion to the endpoints on either side. Who
 * starts or ends a call goes up from its leaf and puts each node right, up to the first that is
 * right already. Each takes about log2 n steps, and a step down touches one line of the cache.
 *
 * <h2>Why it needs no lock</h2>
 *
 * Whoever writes a node looks at the two below it once more, until what stands there is right. Two
 * threads may overwrite each other's value; the later one sees that and repairs it. A load that
 * changes after the last look at it brings its own thread here, and a node that was right already
 * was written by a thread that is on its way up. So once no call starts or ends, each node is
 * right; while they do, an answer can be one that was right a moment ago.
 *
 * <p>Thread-safe.
 */
final class LeastLoadedTree {
  private final Rotation rotation;
  private final EndpointLoad[] loads;
  private final double bias;
  private final int size;

  /** The least cost below each node, from 1, the root, to size - 1; then the leaves' own. */
  private final AtomicLongArray costs;

  private final Leaf[] leaves;

  /**
   * A tree of {@code rotation}, which {@code bias} makes shy of busy endpoints. Follows their loads
   * until {@link #close}.
   */
  LeastLoadedTree(Rotation rotation, double bias) {
    this.rotation = rotation;
    this.loads = rotation.loads();
    this.bias = bias;
    this.size = loads.length;
    this.costs = new AtomicLongArray(2 * size);
    this.leaves = new Leaf[size];
    for (int i = 0; i < size; i++) {
      leaves[i] = new Leaf(i);
      loads[i].watch(leaves[i]);
    }
    // Only now is no change of a load missed.
    for (int node = 2 * size - 1; node > 0; node--) {
      correct(node);
    }
  }

  /** The index of the least loaded endpoint; of several, the one that {@code number} draws. */
  int least(long number) {
    int drawn = size + (int) (((number >>> 32) * size) >>> 32);
    int level = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(drawn);
    int node = 1;
    while (node < size) {
      level--;
      int left = 2 * node;
      long leftCost = costs.get(left);
      long rightCost = costs.get(left + 1);
      // The bits of a leaf's number are the turns on the way to it. Off that way they are chance.
      int turn = (drawn >>> level) & 1;
      node = left + (leftCost == rightCost ? turn : leftCost < rightCost ? 0 : 1);
    }
    return node - size;
  }

  /** Follows no load any more. */
  void close() {
    for (int i = 0; i < size; i++) {
      loads[i].unwatch(leaves[i]);
    }
  }

  private void climbFrom(int index) {
    int node = size + index;
    while (node > 0 && correct(node)) {
      node >>= 1;
    }
  }

  /** Puts one node right; answers whether it was wrong. */
  private boolean correct(int node) {
    boolean wrong = false;
    while (true) {
      long cost = node < size ? Math.min(costs.get(2 * node), costs.get(2 * node + 1)) : own(node);
      if (costs.get(node) == cost) {
        return wrong;
      }
      costs.set(node, cost);
      wrong = true;
    }
  }

  /**
   * The load of a leaf with one more call: an idle heavy endpoint is better than an idle light one.
   * The bits of doubles that are not negative are in the order of the doubles.
   */
  private long own(int leaf) {
    int index = leaf - size;
    int calls = loads[index].burden() + 1;
    return Double.doubleToRawLongBits(
        LeastRequestPicker.power(calls, bias) / rotation.weight(index));
  }

  /** Hears of the changes of one load. */
  private final class Leaf implements Runnable {
    private final int index;

    Leaf(int index) {
      this.index = index;
    }

    @Override
    public void run() {
      climbFrom(index);
    }
  }
}
