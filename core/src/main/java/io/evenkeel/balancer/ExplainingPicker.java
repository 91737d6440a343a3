package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.PickRecord;
import io.evenkeel.PickRecord.Kind;
import io.evenkeel.load.CallAttempts;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.time.InstantSource;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Picks as {@link RotationPicker} does and writes down why. It takes its place while somebody wants
 * to know, so that nobody pays for it otherwise.
 *
 * <p>Thread-safe: runs on the thread of the call.
 */
final class ExplainingPicker extends SubchannelPicker {
  /** Others than these are not described: a person reads it. */
  private static final int MAX_OTHERS = 4;

  private final RotationPicker plain;
  private final Picker policy;
  private final PolicyFaults faults;
  private final Sink sink;

  /** Where picks are written down. */
  record Sink(PickLog log, InstantSource clock) {}

  ExplainingPicker(RotationPicker plain, Picker policy, PolicyFaults faults, Sink sink) {
    this.plain = plain;
    this.policy = policy;
    this.faults = faults;
    this.sink = sink;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs call) {
    CallAttempts tried = RotationPicker.triedBy(call);
    Admission admission = plain.admission();
    PickResult heldBack = tried == null ? null : admission.holdBack(call, tried);
    if (heldBack != null) {
      write(call, heldBack.isDrop() ? Kind.REFUSED : Kind.TOO_EARLY, null, "");
      return heldBack;
    }
    Kind kind = Kind.FIRST_CHOICE;
    for (int attempt = 0; attempt <= RotationPicker.MAX_REPICKS; attempt++) {
      try {
        ExplainedPick pick = policy.explainedPick(call);
        EndpointConnection chosen = (EndpointConnection) pick.candidate();
        PickResult result = chosen.pickResult();
        if (result != null && admission.admits(chosen, tried)) {
          write(call, kind, chosen, pick.reason());
          return result;
        }
        kind = Kind.REPICK;
      } catch (Throwable thrown) {
        faults.count(thrown);
        kind = Kind.AFTER_FAULT;
      }
    }
    EndpointConnection any = plain.anyFor(tried);
    PickResult result = any == null ? null : any.pickResult();
    if (any != null && result != null) {
      write(call, Kind.ANY_READY, any, "");
      return result;
    }
    PickResult nothing = plain.nothing(tried);
    write(call, nothing.isDrop() ? Kind.FULL : Kind.NONE, null, "");
    return nothing;
  }

  private void write(
      PickSubchannelArgs call, Kind kind, @Nullable EndpointConnection chosen, String reason) {
    Optional<Endpoint> endpoint = Optional.ofNullable(chosen).map(EndpointConnection::endpoint);
    sink.log.add(
        new PickRecord(
            sink.clock.instant(),
            call.getMethodDescriptor().getFullMethodName(),
            kind,
            endpoint,
            reason,
            others(chosen)));
  }

  private String others(@Nullable EndpointConnection chosen) {
    StringJoiner others = new StringJoiner("; ");
    int described = 0;
    for (EndpointConnection other : plain.members()) {
      if (other == chosen) {
        continue;
      }
      if (++described > MAX_OTHERS) {
        others.add("…");
        break;
      }
      others.add(other.endpoint().displayAddress() + ": " + describe(other));
    }
    return others.toString();
  }

  private static String describe(EndpointConnection connection) {
    EndpointState state = connection.state();
    return state == EndpointState.READY
        ? connection.load().inFlight() + " in flight"
        : state.name();
  }
}
