package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.BalancerState;
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
import org.jspecify.annotations.Nullable;

/**
 * Tells the channel which endpoints take calls.
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
 * publishing visits them all, and it does not happen when all changes have undone each other.
 *
 * <p>Synchronization context only.
 */
final class RotationPublisher {
  static final Duration COALESCING = Duration.ofMillis(5);

  private final Helper helper;
  private final PolicyContext context;
  private final Listeners listeners;
  private final PolicyFaults faults;
  private final PhaseCounts counts = new PhaseCounts();

  private Collection<EndpointConnection> connections = List.of();
  private @Nullable PolicyChoice choice;
  private @Nullable Policy policy;
  private @Nullable ConnectivityState published;
  private @Nullable ScheduledHandle pending;
  private Status discoveryProblem = Status.OK;
  private int misplaced; // endpoints about which the published rotation is wrong
  private boolean problemsChanged;
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

  /** Publishes the new list. */
  void release(Collection<EndpointConnection> connections) {
    this.connections = connections;
    discoveryProblem = Status.OK;
    held = false;
    publish();
  }

  void add(EndpointConnection connection) {
    counts.enter(connection.phase());
  }

  void forget(EndpointConnection connection) {
    counts.leave(connection.phase());
  }

  void usePolicy(PolicyChoice next) {
    if (next.equals(choice)) {
      return;
    }
    policy = next.factory().newPolicy(context);
    choice = next;
    listeners.tell(listener -> listener.onPolicySwitched(next.name()));
  }

  void onPhase(EndpointConnection connection, Phase left) {
    counts.move(left, connection.phase());
    misplaced += connection.misplaced() ? 1 : wasMisplaced(connection, left) ? -1 : 0;
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
    problemsChanged = true;
    publishSoon();
  }

  /** Discovery has failed. Calls feel it only while no endpoint is known. */
  void onDiscoveryProblem(Status error) {
    discoveryProblem = error;
    if (!closed && published != ConnectivityState.READY) {
      publish();
    }
  }

  void refreshDiscoverySoon() {
    refreshWanted = true;
    publishSoon();
  }

  void close() {
    closed = true;
    if (pending != null) {
      pending.cancel();
      pending = null;
    }
  }

  private static boolean wasMisplaced(EndpointConnection connection, Phase left) {
    return connection.rotating() != (left == Phase.READY);
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
    boolean rotationStale = published == ConnectivityState.READY && misplaced > 0;
    if (rotationStale || published != ConnectivityState.READY || problemsChanged) {
      publish();
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

  private void publishAggregate() {
    ConnectivityState state = aggregate();
    BalancerState picture = counts.toState(ProblemReport.of(connections, discoveryProblem));
    problemsChanged = false;
    published = state;
    switch (state) {
      case READY -> helper.updateBalancingState(state, newPicker());
      case CONNECTING ->
          helper.updateBalancingState(state, new FixedResultPicker(PickResult.withNoResult()));
      default ->
          helper.updateBalancingState(
              state, new FixedResultPicker(PickResult.withError(failure(picture))));
    }
    listeners.tell(listener -> listener.onState(picture));
  }

  private ConnectivityState aggregate() {
    if (counts.of(Phase.READY) > 0) {
      return ConnectivityState.READY;
    }
    return counts.of(Phase.CONNECTING) > 0
        ? ConnectivityState.CONNECTING
        : ConnectivityState.TRANSIENT_FAILURE;
  }

  private RotationPicker newPicker() {
    Rotation rotation = RotationBuilder.rotationOf(connections, counts.of(Phase.READY));
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
    } catch (RuntimeException thrown) {
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
