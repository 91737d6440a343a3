package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.health.HealthListener;
import io.evenkeel.health.HealthWatch;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.load.LoadReportWatch;
import io.evenkeel.policy.Candidate;
import io.grpc.ClientStreamTracer;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint and the way to it. It follows its transport's states and its health service, and
 * tells the {@link ConnectionHost} each time it enters another {@link EndpointState}.
 *
 * <p>Everything is for the synchronization context only, except what {@link Candidate} and {@link
 * #pickResult} offer to pickers, and {@link #standing} to whoever looks.
 */
abstract class EndpointConnection extends ClientStreamTracer.Factory
    implements Candidate, HealthListener {
  private static final VarHandle PICK_RESULT;

  static {
    try {
      PICK_RESULT =
          MethodHandles.lookup()
              .findVarHandle(EndpointConnection.class, "pickResult", PickResult.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Answers calls while this endpoint takes them, else null. As fresh as can be, for pickers. */
  private volatile @Nullable PickResult pickResult;

  private volatile EquivalentAddressGroup group;
  private final EndpointLoad load;

  final ConnectionHost host;
  private volatile Standing standing;
  private GroupKey groupKey; // with its zone, whether zones count or not
  private int weight;
  private long identity; // 0 until a policy asks for it
  private boolean rotating; // whether it takes calls in the plan that was made last
  private boolean panicking; // whether it takes calls though it is out of use
  private boolean closed;
  private volatile @Nullable EndpointExtras extras; // made when the first of them is needed
  private @Nullable PickResult connected; // what calls will get once the endpoint is healthy

  EndpointConnection(Endpoint endpoint, EquivalentAddressGroup group, ConnectionHost host) {
    this.group = group;
    this.groupKey = GroupKey.of(group.getAttributes());
    this.weight = endpoint.weight();
    this.host = host;
    this.standing = new Standing(EndpointState.CONNECTING, Status.OK, host.nanoTime(), null);
    this.load = new EndpointLoad();
  }

  /** Asks for its turn to connect. Called once. */
  final void open() {
    host.gate().ask(this, ConnectGate.Applicant.NEWCOMER);
  }

  /** Makes the transport, if there is none, and connects it: it is this connection's turn. */
  abstract void connect();

  /** Hands changed addresses or attributes to the transport. */
  abstract void updateTransport(EquivalentAddressGroup group);

  /** Has as many connections, and lets them become as old, as {@code config} says from now on. */
  void useConnections(ConnectionsConfig config) {}

  /** How many connections it has. */
  int connections() {
    return isConnected() ? 1 : 0;
  }

  /** How many calls its connections take. Any thread. */
  int room() {
    return ConnectionsConfig.ANY_NUMBER;
  }

  /** Whether it will soon take more calls than now. Any thread. */
  boolean isConnectingMore() {
    return false;
  }

  /** How long its connection has been too old; negative while it is not. */
  long overdueNanos(long nowNanos) {
    return -1;
  }

  /** Replaces its connection by a new one. */
  void renew() {}

  /** Whether that is not done yet. */
  boolean isRenewing() {
    return false;
  }

  /** Tells its connections apart by {@code config} from now on, since calls wait in it. */
  void countStreams(ConnectionsConfig config) {}

  /** How many streams a connection takes, as far as that is known. Any thread. */
  OptionalInt streamsEach() {
    return OptionalInt.empty();
  }

  /** Whether it may have several connections. */
  boolean mayHaveSeveral() {
    return true;
  }

  /** Where calls go when the first connection is reached by {@code first}. Any thread. */
  @Nullable PickResult target(@Nullable PickResult first) {
    return first;
  }

  final boolean isConnected() {
    return connected != null;
  }

  /** The same endpoint is reached by another connection now. */
  final void onReplaced(PickResult result) {
    onReached(result);
    stopReports();
    if (watch() == null) {
      return;
    }
    // The last verdict stands until the new watch brings one: no call is to wait for that.
    stopWatch();
    HealthWatch next = host.newHealthWatch(Objects.requireNonNull(result.getSubchannel()), this);
    if (next != null) {
      extras().watch = next;
      next.start();
    }
  }

  /** Calls get {@code result} for the same connection. */
  final void onReached(PickResult result) {
    connected = result;
    pickResult = usable() ? target(result) : null;
  }

  /** Sends calls by {@code next}, unless they have been sent elsewhere than {@code before}. */
  final void retarget(PickResult before, PickResult next) {
    PICK_RESULT.compareAndSet(this, before, next);
  }

  /** Lets go of the transport, if there is one; calls that run on it finish. */
  abstract void closeTransport();

  @Override
  public final Endpoint endpoint() {
    return Endpoint.of(group);
  }

  @Override
  public final EndpointLoad load() {
    return load;
  }

  /** An attempt of a call goes to this endpoint. Any thread. */
  @Override
  public final ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    host.onAttempt();
    return load.newClientStreamTracer(info, headers);
  }

  @Override
  public final boolean ready() {
    return pickResult != null;
  }

  @Override
  public final long identity() {
    if (identity == 0) {
      identity = Candidate.super.identity();
    }
    return identity;
  }

  final @Nullable PickResult pickResult() {
    return pickResult;
  }

  final EquivalentAddressGroup group() {
    return group;
  }

  final EndpointState state() {
    return standing.state();
  }

  /** What last went wrong; OK when nothing has. */
  final Status problem() {
    return standing.problem();
  }

  /** State, problem and last failure of one moment. Any thread. */
  final Standing standing() {
    return standing;
  }

  /** Its priority and zone. */
  final GroupKey groupKey() {
    return groupKey;
  }

  final int weight() {
    return weight;
  }

  /** What protects it; null while nothing needs to. */
  final @Nullable EndpointGuard guard() {
    EndpointExtras some = extras;
    return some == null ? null : some.guard;
  }

  final void guardBy(EndpointGuard guard) {
    extras().guard = guard;
  }

  /** Its guard has ejected or pardoned it. */
  final void onEjection() {
    if (state() == EndpointState.READY || state() == EndpointState.EJECTED) {
      enterWell();
    }
  }

  /** The part of its share that it is to get, more than 0, at most 1. Any thread. */
  final double factor() {
    EndpointShare part = share();
    return part == null ? 1 : part.factor();
  }

  /** The part of its share, where it may be less than all; else null. */
  final @Nullable EndpointShare share() {
    EndpointExtras some = extras;
    return some == null ? null : some.share;
  }

  final void share(EndpointShare share) {
    extras().share = share;
  }

  /** Its connections, where there may be several or they age; null where not. Any thread. */
  final @Nullable ConnectionSet connectionSet() {
    EndpointExtras some = extras;
    return some == null ? null : some.connections;
  }

  final void connectBy(@Nullable ConnectionSet set) {
    if (set != null || extras != null) {
      extras().connections = set;
    }
  }

  private EndpointExtras extras() {
    EndpointExtras some = extras;
    if (some == null) {
      some = new EndpointExtras();
      extras = some;
    }
    return some;
  }

  /** Whether it takes calls in the plan that was made last. */
  final boolean rotating() {
    return rotating;
  }

  /**
   * A new plan of who takes calls.
   *
   * @param panics whether calls go to all that are connected, good or bad
   */
  final void plan(boolean panics) {
    panicking = panics;
    boolean usable = usable();
    PickResult result = usable ? target(connected) : null;
    // Ten thousand volatile writes that change nothing would cost more than all else here.
    if (!Objects.equals(pickResult, result)) {
      pickResult = result;
    }
    rotating = usable;
  }

  /** Whether the last plan is wrong about this endpoint. */
  final boolean misplaced() {
    return rotating != usable();
  }

  private boolean usable() {
    EndpointState state = state();
    return state == EndpointState.READY
        || (panicking && (state == EndpointState.UNHEALTHY || state == EndpointState.EJECTED));
  }

  /** Takes what discovery now says of the endpoint; the connection stays. */
  final void update(Endpoint endpoint, EquivalentAddressGroup changed) {
    // Who registers anew has perhaps just started.
    host.reconnects().hurry(this);
    group = changed;
    groupKey = GroupKey.of(changed.getAttributes());
    weight = endpoint.weight();
    identity = 0;
    updateTransport(changed);
  }

  /** Leaves the balancer for good. */
  final void close() {
    closed = true;
    pickResult = null;
    stopWatch();
    stopReports();
    load.close();
    host.gate().leave(this);
    host.reconnects().forget(this);
    closeTransport();
  }

  /**
   * Has the endpoint report its load every {@code interval}, as long as this connection lasts and
   * unless it does so already.
   */
  final void reportLoad(Duration interval) {
    PickResult current = connected;
    if (rotating && current != null && extras().reports == null) {
      Subchannel subchannel = Objects.requireNonNull(current.getSubchannel());
      LoadReportWatch reports = host.newReportWatch(this, subchannel, interval);
      extras().reports = reports;
      reports.start();
    }
  }

  /** Ends what a policy has asked to be measured. */
  final void stopMeasuring() {
    load.stopMeasuring();
    stopReports();
  }

  /** Starts, ends or renews the health watch after the service config has changed. */
  final void healthCheckChanged() {
    if (connected != null) {
      checkHealth(connected);
    }
  }

  final void onConnecting() {
    if (!closed && state() != EndpointState.FAILED) {
      enter(EndpointState.CONNECTING, problem());
    }
  }

  /** The transport is up: {@code result} reaches it. */
  final void onConnected(PickResult result) {
    if (closed) {
      return;
    }
    connected = result;
    host.gate().connected(this);
    ConnectFailure failure = standing.failure();
    if (failure != null && failure.inARow() > 0) {
      standing = standing.withFailure(new ConnectFailure(failure.status(), failure.atNanos(), 0));
    }
    checkHealth(result);
  }

  /** The transport is idle; it asks for its turn to connect, unless the endpoint has left. */
  final void onDisconnected() {
    if (closed) {
      return;
    }
    boolean wasUp = connected != null;
    disconnect();
    if (wasUp) {
      host.refreshDiscovery();
      enter(EndpointState.CONNECTING, Status.UNAVAILABLE.withDescription("connection lost"));
    }
    // An idle endpoint would stay out of use for ever.
    host.gate().ask(this, wasUp ? ConnectGate.Applicant.LOST : ConnectGate.Applicant.NEWCOMER);
  }

  /**
   * The connection could not be made. The transport would try again by itself, but by its own time:
   * it is dropped, and there will be another.
   */
  final void onFailed(Status status) {
    if (closed) {
      return;
    }
    disconnect();
    closeTransport();
    ConnectFailure before = standing.failure();
    ConnectFailure failure =
        new ConnectFailure(status, host.nanoTime(), before == null ? 1 : before.inARow() + 1);
    standing = standing.withFailure(failure);
    host.refreshDiscovery();
    enter(EndpointState.FAILED, status);
    host.onConnectFailed(this, failure);
    host.gate().leave(this);
    host.reconnects().failed(this, failure.inARow());
  }

  @Override
  public final void onServing() {
    enterWell();
    tellVerdict(Status.OK);
  }

  @Override
  public final void onNotServing(Status reason) {
    enter(EndpointState.UNHEALTHY, reason);
    tellVerdict(reason);
  }

  /** It is connected and healthy. */
  private void enterWell() {
    EndpointGuard guarding = guard();
    Status ejection = guarding == null ? null : guarding.ejection();
    if (ejection == null) {
      enter(EndpointState.READY, Status.OK);
    } else {
      enter(EndpointState.EJECTED, ejection);
    }
  }

  private void tellVerdict(Status verdict) {
    if (watch() != null) {
      host.onHealthVerdict(this, verdict);
    }
  }

  private void checkHealth(PickResult result) {
    stopWatch();
    HealthWatch watch = host.newHealthWatch(Objects.requireNonNull(result.getSubchannel()), this);
    if (watch == null) {
      onServing();
      return;
    }
    extras().watch = watch;
    enter(EndpointState.CONNECTING, problem());
    watch.start();
  }

  private void disconnect() {
    pickResult = null;
    connected = null;
    stopWatch();
    stopReports();
    load.connectionLost();
  }

  private void stopReports() {
    EndpointExtras some = extras;
    if (some != null && some.reports != null) {
      some.reports.stop();
      some.reports = null;
    }
  }

  private void stopWatch() {
    EndpointExtras some = extras;
    if (some != null && some.watch != null) {
      some.watch.stop();
      some.watch = null;
    }
  }

  /** Follows its health; null where nothing does. */
  private @Nullable HealthWatch watch() {
    EndpointExtras some = extras;
    return some == null ? null : some.watch;
  }

  private void enter(EndpointState next, Status problem) {
    Standing left = standing;
    boolean wasMisplaced = misplaced();
    standing =
        left.state() == next
            ? left.withProblem(problem)
            : new Standing(next, problem, host.nanoTime(), left.failure());
    pickResult = usable() ? target(connected) : null;
    host.onStanding(this, left, Boolean.compare(misplaced(), wasMisplaced));
  }
}
