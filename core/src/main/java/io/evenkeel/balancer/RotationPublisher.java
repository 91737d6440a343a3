package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.BalancerState;
import io.evenkeel.EndpointState;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.FixedResultPicker;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells the channel which endpoints take calls, and the listener how all of them are.
 *
 * <h2>When it publishes</h2>
 *
 * <ul>
 *   <li>At once when calls must start, stop, or begin to fail: the first endpoint is ready, the
 *       last one is lost, or the last hope of a connection has failed.
 *   <li>Everything else within {@link #COALESCING}, however much comes together. Calls need not
 *       wait for that: an endpoint that is lost is skipped by the picker, and one that came back is
 *       still in the old rotation.
 * </ul>
 *
 * <p>A change of state costs the same whatever the number of endpoints: it moves two counters. Only
 * a new rotation visits them all, and none is made when all changes have undone each other. After a
 * loss the old picker is then published again, as a call may have met the endpoint just when its
 * transport was gone: gRPC keeps such a call until it sees the next picker.
 *
 * <p>Synchronization context only.
 */
final class RotationPublisher {
  static final Duration COALESCING = Duration.ofMillis(5);

  private final Helper helper;
  private final PolicyContext context;
  private final Listeners listeners;
  private final PolicyFaults faults;
  private final StateCounts counts = new StateCounts();

  private Collection<EndpointConnection> connections = List.of();
  private @Nullable PolicyChoice choice;
  private @Nullable Policy policy;
  private @Nullable ConnectivityState published;
  private @Nullable RotationPicker picker; // the one that was published last
  private @Nullable ScheduledHandle pending;
  private Status discoveryProblem = Status.OK;
  private int misplaced; // endpoints about which the published rotation is wrong
  private boolean rotationChanged; // the list, an endpoint's attributes or the policy
  private boolean pictureChanged; // what listeners have not heard yet
  private boolean lost; // an endpoint has left the rotation, for however short a time
  private boolean refreshWanted;
  private boolean held;
  private boolean closed;

  RotationPublisher(Helper helper, PolicyContext context, Listeners listeners) {
    this.helper = helper;
    this.context = context;
    this.listeners = listeners;
    this.faults = new PolicyFaults(helper.getChannelLogger());
  }

  /** Publishes nothing until {@link #release}: the list of endpoints is being replaced. */
  void hold() {
    held = true;
  }

  /** Publishes the new list, unless it is the old one. */
  void release(Collection<EndpointConnection> connections) {
    this.connections = connections;
    pictureChanged |= !discoveryProblem.isOk();
    discoveryProblem = Status.OK;
    held = false;
    if (rotationChanged || misplaced > 0 || aggregate() != published) {
      publish();
    } else if (pictureChanged || refreshWanted) {
      publishSoon();
    }
  }

  void add(EndpointConnection connection) {
    counts.enter(connection.state());
    rotationChanged = true;
  }

  void forget(EndpointConnection connection) {
    counts.leave(connection.state());
    rotationChanged = true;
  }

  /** What discovery says of an endpoint has changed. */
  void onAttributes() {
    rotationChanged = true;
  }

  void usePolicy(PolicyChoice next) {
    if (next.equals(choice)) {
      return;
    }
    Policy before = policy;
    try {
      policy = next.factory().newPolicy(context);
    } catch (Throwable thrown) {
      // The policy before it goes on; the next list tries again.
      faults.count(thrown);
      return;
    }
    close(before);
    choice = next;
    rotationChanged = true;
    listeners.tell(listener -> listener.onPolicySwitched(next.name()));
  }

  void onState(EndpointConnection connection, EndpointState left) {
    counts.move(left, connection.state());
    misplaced += connection.misplaced() ? 1 : wasMisplaced(connection, left) ? -1 : 0;
    lost |= left == EndpointState.READY;
    pictureChanged = true;
    if (held || closed) {
      return;
    }
    if (aggregate() == published) {
      publishSoon();
    } else {
      publish();
    }
  }

  void onProblem() {
    pictureChanged = true;
    publishSoon();
  }

  /** Discovery has failed. Calls feel it only while no endpoint takes any. */
  void onDiscoveryProblem(Status error) {
    discoveryProblem = error;
    pictureChanged = true;
    if (closed || published == ConnectivityState.READY) {
      publishSoon();
    } else {
      publish();
    }
  }

  void refreshDiscoverySoon() {
    refreshWanted = true;
    publishSoon();
  }

  /** Ends it: an idle channel knows no endpoint. */
  void close() {
    closed = true;
    if (pending != null) {
      pending.cancel();
      pending = null;
    }
    close(policy);
    policy = null;
    listeners.tell(listener -> listener.onState(new BalancerState(0, 0, 0, 0, "")));
  }

  private static boolean wasMisplaced(EndpointConnection connection, EndpointState left) {
    return connection.rotating() != (left == EndpointState.READY);
  }

  private void close(@Nullable Policy ended) {
    try {
      if (ended != null) {
        ended.close();
      }
    } catch (Throwable thrown) {
      faults.count(thrown);
    }
  }

  private void publishSoon() {
    if (pending == null && !held && !closed) {
      pending =
          helper
              .getSynchronizationContext()
              .schedule(
                  this::catchUp,
                  COALESCING.toNanos(),
                  NANOSECONDS,
                  helper.getScheduledExecutorService());
    }
  }

  private void catchUp() {
    pending = null;
    if (closed) {
      return;
    }
    if (published != ConnectivityState.READY || misplaced > 0) {
      publish();
    } else {
      confirm();
    }
    if (refreshWanted) {
      refreshWanted = false;
      helper.refreshNameResolution();
    }
  }

  private void publish() {
    try {
      publishAggregate();
    } catch (RuntimeException unexpected) {
      // The last picker goes on serving.
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.ERROR, "a rotation was not published: {0}", unexpected);
    }
  }

  /** The published rotation is still right; says so where somebody waits to hear it. */
  private void confirm() {
    if (lost && picker != null) {
      helper.updateBalancingState(ConnectivityState.READY, picker);
    }
    if (pictureChanged) {
      BalancerState picture = picture();
      listeners.tell(listener -> listener.onState(picture));
    }
    lost = false;
    pictureChanged = false;
  }

  private BalancerState picture() {
    boolean troubled = counts.of(EndpointState.READY) < connections.size();
    return counts.toState(ProblemReport.of(troubled ? connections : List.of(), discoveryProblem));
  }

  private void publishAggregate() {
    ConnectivityState state = aggregate();
    BalancerState picture = picture();
    rotationChanged = false;
    pictureChanged = false;
    lost = false;
    published = state;
    picker = state == ConnectivityState.READY ? newPicker() : null;
    switch (state) {
      case READY -> helper.updateBalancingState(state, Objects.requireNonNull(picker));
      case CONNECTING ->
          helper.updateBalancingState(state, new FixedResultPicker(PickResult.withNoResult()));
      default ->
          helper.updateBalancingState(
              state, new FixedResultPicker(PickResult.withError(failure(picture))));
    }
    listeners.tell(listener -> listener.onState(picture));
  }

  private ConnectivityState aggregate() {
    if (counts.of(EndpointState.READY) > 0) {
      return ConnectivityState.READY;
    }
    return counts.of(EndpointState.CONNECTING) > 0
        ? ConnectivityState.CONNECTING
        : ConnectivityState.TRANSIENT_FAILURE;
  }

  private RotationPicker newPicker() {
    Rotation rotation = RotationBuilder.rotationOf(connections, counts.of(EndpointState.READY));
    misplaced = 0;
    return new RotationPicker(policyPicker(rotation), rotation, context.random(), faults);
  }

  /**
   * A policy that cannot make a picker is replaced for this rotation: calls go to any ready
   * endpoint.
   */
  private Picker policyPicker(Rotation rotation) {
    try {
      return policy == null ? anyOf(rotation) : policy.newPicker(rotation);
    } catch (Throwable thrown) {
      faults.count(thrown);
      return anyOf(rotation);
    }
  }

  private Picker anyOf(Rotation rotation) {
    return call -> rotation.get(context.random().nextInt(rotation.size()));
  }

  private Status failure(BalancerState picture) {
    return Status.UNAVAILABLE
        .withDescription(
            "target \"" + helper.getChannelTarget() + "\": no endpoint takes calls: " + picture)
        .withCause(discoveryProblem.getCause());
  }
}
