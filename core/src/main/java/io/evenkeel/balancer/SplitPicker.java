package io.evenkeel.balancer;

import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Splits the calls among groups of endpoints by their shares; within its group a call goes where
 * the group's policy sends it. A pick costs one more draw, and a comparison per group.
 *
 * <p>Thread-safe.
 */
final class SplitPicker implements Picker {
  private final Picker[] pickers;
  private final String[] names;
  private final double[] upTo; // the share of a group and of those before it
  private final RandomGenerator random;

  /** One group, and how its endpoints are chosen. */
  record Part(GroupRotation rotation, Picker picker) {}

  SplitPicker(List<Part> parts, RandomGenerator random) {
    this.pickers = parts.stream().map(Part::picker).toArray(Picker[]::new);
    this.names = parts.stream().map(each -> each.rotation.describe()).toArray(String[]::new);
    this.upTo = new double[parts.size()];
    this.random = random;
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      sum += parts.get(i).rotation.share();
      upTo[i] = sum;
    }
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    return pickers[indexFor(call)].pick(call);
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    int index = indexFor(call);
    ExplainedPick pick = pickers[index].explainedPick(call);
    String reason = pick.reason().isEmpty() ? "" : ": " + pick.reason();
    return new ExplainedPick(pick.candidate(), names[index] + reason);
  }

  private int indexFor(PickSubchannelArgs call) {
    // All policies are of one kind, so any of them knows how calls are told apart.
    double drawn = pickers[0].draw(call, random);
    int last = upTo.length - 1;
    int index = 0;
    while (index < last && drawn >= upTo[index]) {
      index++;
    }
    return index;
  }
}
