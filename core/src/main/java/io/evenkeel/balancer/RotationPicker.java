package io.evenkeel.balancer;

import io.evenkeel.load.CallAttempts;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a policy's choice into gRPC's pick result.
 *
 * <p>The rotation may be a few milliseconds old. An endpoint that was lost since answers null, and
 * another one is taken: that is why a lost endpoint costs no rebuild and no failed call. The same
 * holds for one that {@link Admission} keeps the call from. What a policy throws is counted and
 * costs the call nothing either.
 *
 * <p>Thread-safe: runs on the thread of the call.
 */
final class RotationPicker extends SubchannelPicker {
  /** How often the policy is asked again before any endpoint will do. */
  static final int MAX_REPICKS = 3;

  private final Picker policy;
  private final Rotation[] rotations; // those of the first priority first
  private final Admission admission;
  private final RandomGenerator random;
  private final PolicyFaults faults;

  RotationPicker(
      Picker policy,
      List<GroupRotation> rotations,
      Admission admission,
      RandomGenerator random,
      PolicyFaults faults) {
    this.policy = policy;
    this.rotations = rotations.stream().map(GroupRotation::rotation).toArray(Rotation[]::new);
    this.admission = admission;
    this.random = random;
    this.faults = faults;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs call) {
    CallAttempts tried = triedBy(call);
    if (tried != null) {
      PickResult heldBack = admission.holdBack(call, tried);
      if (heldBack != null) {
        return heldBack;
      }
    }
    PickResult result = ask(call, tried);
    return result != null ? result : pickAgain(call, tried);
  }

  /** The attempts of {@code call} so far; null when this is to be its first. */
  static @Nullable CallAttempts triedBy(PickSubchannelArgs call) {
    CallAttempts attempts = call.getCallOptions().getOption(CallAttempts.KEY);
    return attempts != null && attempts.any() ? attempts : null;
  }

  Admission admission() {
    return admission;
  }

  /** All endpoints that are picked from, those of the first priority first. */
  Iterable<EndpointConnection> members() {
    return () ->
        Stream.of(rotations)
            .flatMap(rotation -> IntStream.range(0, rotation.size()).mapToObj(rotation::get))
            .map(EndpointConnection.class::cast)
            .iterator();
  }

  /**
   * Any endpoint that may take a call whose attempts so far are {@code tried}, of the first group
   * that has one; one that was tried if there is no other; null if none may take it.
   */
  @Nullable EndpointConnection anyFor(@Nullable CallAttempts tried) {
    EndpointConnection untried = first(tried);
    return untried != null || tried == null ? untried : first(null);
  }

  /** What a call gets when {@link #anyFor} finds nothing for it. */
  PickResult nothing(@Nullable CallAttempts tried) {
    boolean full = false;
    for (EndpointConnection member : members()) {
      if (member.ready() && member.isConnectingMore()) {
        return PickResult.withNoResult();
      }
      full |= member.ready();
    }
    // All are lost; the balancer is about to publish what comes next, and the call waits for that.
    return full ? admission.full(tried) : PickResult.withNoResult();
  }

  private @Nullable PickResult ask(PickSubchannelArgs call, @Nullable CallAttempts tried) {
    try {
      EndpointConnection chosen = (EndpointConnection) policy.pick(call);
      PickResult result = chosen.pickResult();
      return result != null && admission.admits(chosen, tried) ? result : null;
    } catch (Throwable thrown) {
      faults.count(thrown);
      return null;
    }
  }

  private PickResult pickAgain(PickSubchannelArgs call, @Nullable CallAttempts tried) {
    for (int repick = 0; repick < MAX_REPICKS; repick++) {
      PickResult result = ask(call, tried);
      if (result != null) {
        return result;
      }
    }
    EndpointConnection any = anyFor(tried);
    PickResult result = any == null ? null : any.pickResult();
    return result != null ? result : nothing(tried);
  }

  private @Nullable EndpointConnection first(@Nullable CallAttempts tried) {
    for (Rotation rotation : rotations) {
      int size = rotation.size();
      int start = random.nextInt(size);
      for (int i = 0; i < size; i++) {
        int index = start + i < size ? start + i : start + i - size;
        EndpointConnection candidate = (EndpointConnection) rotation.get(index);
        if (candidate.ready() && admission.mayTake(candidate, tried)) {
          return candidate;
        }
      }
    }
    return null;
  }
}
