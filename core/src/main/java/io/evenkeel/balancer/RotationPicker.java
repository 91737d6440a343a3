package io.evenkeel.balancer;

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
 * another one is taken: that is why a lost endpoint costs no rebuild and no failed call. What a
 * policy throws is counted and costs the call nothing either.
 *
 * <p>Thread-safe: runs on the thread of the call.
 */
final class RotationPicker extends SubchannelPicker {
  /** How often the policy is asked again before any endpoint will do. */
  static final int MAX_REPICKS = 3;

  private final Picker policy;
  private final Rotation[] rotations; // those of the first priority first
  private final RandomGenerator random;
  private final PolicyFaults faults;

  RotationPicker(
      Picker policy, List<GroupRotation> rotations, RandomGenerator random, PolicyFaults faults) {
    this.policy = policy;
    this.rotations = rotations.stream().map(GroupRotation::rotation).toArray(Rotation[]::new);
    this.random = random;
    this.faults = faults;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs call) {
    PickResult result = ask(call);
    return result != null ? result : pickAgain(call);
  }

  /** All endpoints that are picked from, those of the first priority first. */
  Iterable<EndpointConnection> members() {
    return () ->
        Stream.of(rotations)
            .flatMap(rotation -> IntStream.range(0, rotation.size()).mapToObj(rotation::get))
            .map(EndpointConnection.class::cast)
            .iterator();
  }

  private @Nullable PickResult ask(PickSubchannelArgs call) {
    try {
      return ((EndpointConnection) policy.pick(call)).pickResult();
    } catch (Throwable thrown) {
      faults.count(thrown);
      return null;
    }
  }

  private PickResult pickAgain(PickSubchannelArgs call) {
    for (int repick = 0; repick < MAX_REPICKS; repick++) {
      PickResult result = ask(call);
      if (result != null) {
        return result;
      }
    }
    EndpointConnection any = anyReady();
    PickResult result = any == null ? null : any.pickResult();
    // When all are lost the balancer is about to publish what comes next; the call waits for that.
    return result != null ? result : PickResult.withNoResult();
  }

  /** Any endpoint in rotation that takes calls, of the first group that has one; null if none. */
  @Nullable EndpointConnection anyReady() {
    for (Rotation rotation : rotations) {
      int size = rotation.size();
      int start = random.nextInt(size);
      for (int i = 0; i < size; i++) {
        int index = start + i < size ? start + i : start + i - size;
        EndpointConnection candidate = (EndpointConnection) rotation.get(index);
        if (candidate.ready()) {
          return candidate;
        }
      }
    }
    return null;
  }
}
