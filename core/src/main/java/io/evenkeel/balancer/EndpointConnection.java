package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.evenkeel.health.HealthListener;
import io.evenkeel.health.HealthWatch;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Candidate;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint and the way to it. It follows its transport's states and its health service, and
 * tells the {@link ConnectionHost} each time it enters another {@link Phase}.
 *
 * <p>Everything is for the synchronization context only, except what {@link Candidate} and {@link
 * #pickResult} offer to pickers.
 */
abstract class EndpointConnection implements Candidate, HealthListener {
  /**
   * Answers calls at once when this endpoint takes them; null when it does not. Pickers read it, so
   * it is as fresh as can be.
   */
  private volatile @Nullable PickResult pickResult;

  private volatile EquivalentAddressGroup group;
  private final EndpointLoad load = new EndpointLoad();

  final ConnectionHost host;
  private Phase phase = Phase.CONNECTING;
  private Status problem = Status.OK;
  private int weight;
  private boolean rotating; // whether it is in the rotation that was published last
  private boolean closed;
  private @Nullable PickResult connected; // what calls will get once the endpoint is healthy
  private @Nullable HealthWatch watch;

  EndpointConnection(Endpoint endpoint, EquivalentAddressGroup group, ConnectionHost host) {
    this.group = group;
    this.weight = endpoint.weight();
    this.host = host;
  }

  /** Starts to connect. Called once. */
  abstract void start();

  /** Hands changed addresses or attributes to the transport. */
  abstract void updateTransport(EquivalentAddressGroup group);

  /** Asks the idle transport for a connection. */
  abstract void reconnect();

  /** Lets go of the transport; calls that run on it finish. */
  abstract void closeTransport();

  @Override
  public final Endpoint endpoint() {
    return Endpoint.of(group);
  }

  @Override
  public final EndpointLoad load() {
    return load;
  }

  final @Nullable PickResult pickResult() {
    return pickResult;
  }

  final EquivalentAddressGroup group() {
    return group;
  }

  final Phase phase() {
    return phase;
  }

  /** What last went wrong; OK when nothing has. */
  final Status problem() {
    return problem;
  }

  final int weight() {
    return weight;
  }

  final boolean rotating() {
    return rotating;
  }

  final void setRotating(boolean rotating) {
    this.rotating = rotating;
  }

  /** Whether the published rotation is wrong about this endpoint. */
  final boolean misplaced() {
    return rotating != (phase == Phase.READY);
  }

  /** Takes what discovery now says of the endpoint; the connection stays. */
  final void update(Endpoint endpoint, EquivalentAddressGroup changed) {
    group = changed;
    weight = endpoint.weight();
    updateTransport(changed);
  }

  /** Leaves the balancer for good. */
  final void close() {
    closed = true;
    pickResult = null;
    stopWatch();
    closeTransport();
  }

  /** Starts, ends or renews the health watch after the service config has changed. */
  final void healthCheckChanged() {
    if (connected != null) {
      checkHealth(connected);
    }
  }

  final void onConnecting() {
    if (!closed && phase != Phase.FAILED) {
      enter(Phase.CONNECTING);
    }
  }

  /** The transport is up: {@code result} reaches it. */
  final void onConnected(PickResult result) {
    if (closed) {
      return;
    }
    connected = result;
    checkHealth(result);
  }

  /** The transport is idle; it is asked for a connection, unless the endpoint has left. */
  final void onDisconnected() {
    if (closed) {
      return;
    }
    boolean wasUp = connected != null;
    disconnect();
    if (wasUp) {
      problem = Status.UNAVAILABLE.withDescription("connection lost");
      host.refreshDiscovery();
      enter(Phase.CONNECTING);
    }
    // An idle endpoint would stay out of use for ever.
    reconnect();
  }

  /** The connection could not be made; the transport tries again by itself. */
  final void onFailed(Status status) {
    if (closed) {
      return;
    }
    disconnect();
    problem = status;
    host.refreshDiscovery();
    enter(Phase.FAILED);
  }

  @Override
  public final void onServing() {
    problem = Status.OK;
    pickResult = connected;
    enter(Phase.READY);
  }

  @Override
  public final void onNotServing(Status reason) {
    problem = reason;
    pickResult = null;
    enter(Phase.UNHEALTHY);
  }

  private void checkHealth(PickResult result) {
    stopWatch();
    watch = host.newHealthWatch(Objects.requireNonNull(result.getSubchannel()), this);
    if (watch == null) {
      onServing();
      return;
    }
    pickResult = null;
    enter(Phase.CONNECTING);
    watch.start();
  }

  private void disconnect() {
    pickResult = null;
    connected = null;
    stopWatch();
    load.connectionLost();
  }

  private void stopWatch() {
    if (watch != null) {
      watch.stop();
      watch = null;
    }
  }

  private void enter(Phase next) {
    Phase left = phase;
    phase = next;
    if (left != next) {
      host.onPhase(this, left);
    } else if (next == Phase.FAILED) {
      host.onProblem();
    }
  }
}
