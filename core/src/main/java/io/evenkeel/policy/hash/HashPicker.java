package io.evenkeel.policy.hash;

import io.evenkeel.Affinity;
import io.evenkeel.CallKeys;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.StableHash;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.random.RandomGenerator;

/**
 * Takes the endpoint to which the call's session or key belongs.
 *
 * <p>Thread-safe. A session is moved only to an endpoint that is ready, and asking again for the
 * same call finds it there.
 */
final class HashPicker implements Picker {
  private final Rotation rotation;
  private final Membership members;
  private final CallHash hashes;
  private final SlotWalk walk;

  HashPicker(Membership members, CallHash hashes, SlotWalk walk) {
    this.rotation = members.rotation();
    this.members = members;
    this.hashes = hashes;
    this.walk = walk;
  }

  @Override
  public Candidate pick(PickSubchannelArgs call) {
    Affinity session = call.getCallOptions().getOption(CallKeys.AFFINITY);
    return rotation.get(session == null ? walk.indexFor(hashes.of(call)) : indexFor(session, call));
  }

  /** The same for the same session or key. */
  @Override
  public double draw(PickSubchannelArgs call, RandomGenerator random) {
    Affinity session = call.getCallOptions().getOption(CallKeys.AFFINITY);
    long hash = session == null ? hashes.of(call) : System.identityHashCode(session);
    // Mixed once more, as within a group the place follows from the hash itself.
    return (StableHash.mix(hash) >>> 11) * 0x1p-53;
  }

  @Override
  public ExplainedPick explainedPick(PickSubchannelArgs call) {
    Affinity session = call.getCallOptions().getOption(CallKeys.AFFINITY);
    if (session == null) {
      long hash = hashes.of(call);
      return explain(hashes.source(call), walk.home(hash), walk.indexFor(hash));
    }
    int home = members.indexOf(session.endpoint());
    int index = indexFor(session, call);
    return home < 0
        ? explain("a session that begins here", index, index)
        : explain("its session", home, index);
  }

  private ExplainedPick explain(String source, int home, int index) {
    Candidate chosen = rotation.get(index);
    if (index == home) {
      return new ExplainedPick(chosen, source);
    }
    Candidate passed = rotation.get(home);
    return new ExplainedPick(
        chosen,
        source
            + ", but "
            + passed.endpoint().displayAddress()
            + (passed.ready() ? " is full" : " is out of reach"));
  }

  private int indexFor(Affinity session, PickSubchannelArgs call) {
    long current = session.endpoint();
    int index = members.indexOf(current);
    if (index < 0) {
      return settle(session, current, walk.indexFor(hashes.of(call)));
    }
    // Out of reach for a moment, or full: this one call goes elsewhere, the session stays.
    return walk.takes(index) ? index : walk.indexFor(StableHash.mix(current));
  }

  /** Moves the session to {@code index}, unless another call of it was faster. */
  private int settle(Affinity session, long left, int index) {
    if (!rotation.get(index).ready() || session.move(left, members.identity(index))) {
      return index;
    }
    int moved = members.indexOf(session.endpoint());
    return moved >= 0 && walk.takes(moved) ? moved : index;
  }
}
