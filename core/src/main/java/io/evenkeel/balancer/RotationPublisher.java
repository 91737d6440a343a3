package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.BalancerState;
import io.evenkeel.EndpointState;
import io.evenkeel.TrafficGroup;
import io.evenkeel.balancer.RotationBuilder.Weighing;
import io.evenkeel.locality.LocalityConfig;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.slowstart.SlowStart;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.FixedResultPicker;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the channel which endpoints take calls, and the listener how all of them are.
 *
 * <h2>When it publishes</h2>
 *
 * <ul>
 *   <li>At once when calls must start, stop, or begin to fail: the first endpoint is ready, the
 *       last one is lost, or the last hope of a connection has failed.
 *   <li>Everything else within {@link #COALESCING}, however much comes together; within {@link
 *       #LONGEST_PAUSE} while rotations take so long to make, as with very many endpoints in a
 *       young JVM, that they would leave connections no time to be made. Calls need not wait for
 *       that: an endpoint that is lost is skipped by the picker, and one that came back is still in
 *       the old rotation.
 * </ul>
 *
 * <p>A change of state costs the same whatever the number of endpoints: it moves two counters. Only
 * a new rotation visits them all, and none is made when all changes have undone each other. After a
 * loss the old picker is then published again, as a call may have met the endpoint just when its
 * transport was gone: gRPC keeps such a call until it sees the next picker.
 *
 * <p>Synchronization context only, except the getters, which any thread may ask.
 */
final class RotationPublisher {
  static final Duration COALESCING = Duration.ofMillis(5);
  static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  /** Of ten moments of the synchronization context, nine are left to others. */
  private static final int PAUSE_PER_WORK = 9;

  private final Helper helper;
  private final PolicyContext context;
  private final InstantSource clock;
  private final Listeners listeners;
  private final PolicyFaults faults;
  private final GroupPolicies policies;
  private final EndpointGroups groups = new EndpointGroups(BalancerConfig.DEFAULT.locality());
  private final EndpointGuards guards;
  private final SubsetChoice subset;
  private final WarmUp warmUp;
  private final CallWaker waker;
  private final LossRefresh lossRefresh;
  private final StateCounts counts = new StateCounts();

  private Collection<EndpointConnection> connections = List.of();
  private volatile TrafficShares shares =
      TrafficShares.NONE; // what the published rotations are made by
  private @Nullable ConnectivityState published;
  private @Nullable SubchannelPicker picker; // the one that was published last
  private volatile List<GroupRotation> rotations = List.of(); // what it picks from
  private volatile @Nullable PickLog pickLog; // while picks are explained
  private @Nullable ScheduledHandle pending;
  private volatile Status discoveryProblem = Status.OK;
  private long workNanos; // what the last rotation took
  private int misplaced; // endpoints about which the published rotation is wrong
  private boolean rotationChanged; // the list, an endpoint's attributes or the policy
  private boolean pictureChanged; // what listeners have not heard yet
  private boolean lost; // an endpoint has left the rotation, for however short a time
  private boolean refreshWanted;
  private boolean weighed; // whether an endpoint's part of its share may be less than all of it
  private boolean held;
  private boolean closed;

  RotationPublisher(
      Helper helper,
      PolicyContext context,
      InstantSource clock,
      Listeners listeners,
      EndpointGuards guards,
      SubsetChoice subset) {
    this.subset = subset;
    this.guards = guards;
    this.helper = helper;
    this.clock = clock;
    this.context = context;
    this.listeners = listeners;
    this.faults = new PolicyFaults(helper, listeners);
    this.lossRefresh = new LossRefresh(context, helper::refreshNameResolution);
    this.warmUp = new WarmUp(context, this::publishAnew);
    this.waker = new CallWaker(context, this::wakeCalls);
    this.policies = new GroupPolicies(context, faults);
  }

  /** Publishes nothing until {@link #release}: the list of endpoints is being replaced. */
  void hold() {
    held = true;
  }

  /** Publishes the new list, unless it is the old one, and what discovery complains of. */
  void release(Collection<EndpointConnection> connections, Status problem) {
    this.connections = connections;
    pictureChanged |= !discoveryProblem.isOk() || !problem.isOk();
    discoveryProblem = problem;
    held = false;
    groups.recount(connections);
    if (rotationChanged || misplaced > 0 || aggregate() != published) {
      publish();
    } else if (pictureChanged || refreshWanted) {
      publishSoon();
    }
  }

  void add(EndpointConnection connection) {
    counts.enter(connection.standing());
    rotationChanged = true;
  }

  void forget(EndpointConnection connection) {
    counts.leave(connection.standing());
    rotationChanged = true;
  }

  /** What is known of endpoints, or how they are guarded, has changed. */
  void onAttributes() {
    rotationChanged = true;
  }

  void usePolicy(PolicyChoice next) {
    if (policies.use(next)) {
      // The new policy asks for what it needs when it makes its first picker.
      connections.forEach(EndpointConnection::stopMeasuring);
      rotationChanged = true;
      listeners.tell(listener -> listener.onPolicySwitched(next.name()));
    }
  }

  /** Warms new endpoints up by {@code config}. */
  void useSlowStart(Optional<SlowStart> config) {
    rotationChanged |= warmUp.use(config);
  }

  /** Splits the calls among groups of endpoints by {@code rules}. */
  void useLocality(LocalityConfig rules) {
    rotationChanged |= groups.use(rules);
  }

  void onStanding(EndpointConnection connection, Standing before, int misplacedDelta) {
    counts.leave(before);
    counts.enter(connection.standing());
    misplaced += misplacedDelta;
    lost |= before.state() == EndpointState.READY;
    pictureChanged = true;
    if (held || closed) {
      return;
    }
    groups.move(connection, before);
    if (aggregate() == published) {
      publishSoon();
    } else {
      publish();
    }
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

  /** Keeps the last {@code lastN} picks with their reasons from now on; 0 ends it. */
  void explainPicks(int lastN) {
    pickLog = lastN == 0 ? null : new PickLog(lastN);
    if (published == ConnectivityState.READY && !held && !closed) {
      publish();
    }
  }

  /** Whether an endpoint takes calls, as far as this was told. Synchronization context only. */
  boolean anyReady() {
    return counts.of(EndpointState.READY) > 0;
  }

  /** The policy that chooses; null before the first list. */
  @Nullable PolicyChoice choice() {
    return policies.choice();
  }

  /** What calls are sent to; nothing while none can be. */
  List<GroupRotation> rotations() {
    return rotations;
  }

  /** How calls are split among groups of endpoints. */
  List<TrafficGroup> traffic() {
    return shares.toGroups();
  }

  /** The picks that are explained; null when none are. */
  @Nullable PickLog pickLog() {
    return pickLog;
  }

  /** What discovery complains of since the last good list; OK when it does not. */
  Status discoveryProblem() {
    return discoveryProblem;
  }

  PolicyFaults faults() {
    return faults;
  }

  /** Ends it: an idle channel knows no endpoint. */
  void close() {
    closed = true;
    rotations = List.of();
    faults.close();
    if (pending != null) {
      pending.cancel();
      pending = null;
    }
    lossRefresh.over();
    waker.close();
    warmUp.close();
    policies.close();
    listeners.tell(listener -> listener.onState(new BalancerState(0, 0, 0, 0, 0, "")));
  }

  private void publishSoon() {
    if (pending == null && !held && !closed) {
      pending =
          helper
              .getSynchronizationContext()
              .schedule(
                  this::catchUp, pauseNanos(), NANOSECONDS, helper.getScheduledExecutorService());
    }
  }

  private long pauseNanos() {
    return Math.min(
        Math.max(PAUSE_PER_WORK * workNanos, COALESCING.toNanos()), LONGEST_PAUSE.toNanos());
  }

  private void catchUp() {
    pending = null;
    if (closed) {
      return;
    }
    if (published != ConnectivityState.READY || misplaced > 0 || !groups.shares().equals(shares)) {
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
    long startNanos = context.nanoTime().getAsLong();
    try {
      publishAggregate();
    } catch (RuntimeException unexpected) {
      // The last picker goes on serving.
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.ERROR, "a rotation was not published: {0}", unexpected);
    } finally {
      workNanos = context.nanoTime().getAsLong() - startNanos;
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
    boolean troubled = counts.troubled() > 0;
    return counts.toState(ProblemReport.of(troubled ? connections : List.of(), discoveryProblem));
  }

  private void publishAggregate() {
    ConnectivityState state = aggregate();
    BalancerState picture = picture();
    rotationChanged = false;
    pictureChanged = false;
    lost = false;
    published = state;
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      lossRefresh.lost();
    } else {
      lossRefresh.over();
    }
    if (state == ConnectivityState.READY) {
      picker = newPicker();
    } else {
      picker = null;
      rotations = List.of();
    }
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

  /** gRPC looks at calls that wait when it gets a picker, also the one that it has. */
  void wakeCalls() {
    if (picker != null && !closed) {
      helper.updateBalancingState(ConnectivityState.READY, picker);
    }
  }

  private ConnectivityState aggregate() {
    if (counts.of(EndpointState.READY) > 0 || groups.panicSaves()) {
      return ConnectivityState.READY;
    }
    return counts.of(EndpointState.CONNECTING) > 0
        ? ConnectivityState.CONNECTING
        : ConnectivityState.TRANSIENT_FAILURE;
  }

  private SubchannelPicker newPicker() {
    boolean thinned = weigh();
    useShares(groups.shares());
    rotations = RotationBuilder.rotationsOf(connections, groups, shares, policies.weighing());
    misplaced = 0;
    policies.retain(rotations);
    Picker chooser = chooser();
    Duration reportInterval = policies.reportInterval();
    if (!reportInterval.isZero()) {
      connections.forEach(connection -> connection.reportLoad(reportInterval));
    }
    Admission admission =
        new Admission(guards, context.random(), waker, helper.getChannelTarget(), thinned);
    RotationPicker plain =
        new RotationPicker(chooser, rotations, admission, context.random(), faults);
    PickLog log = pickLog;
    return log == null
        ? plain
        : new ExplainingPicker(plain, chooser, faults, new ExplainingPicker.Sink(log, clock));
  }

  /**
   * Sets the parts of their shares that endpoints get now; says whether the picker has to see to it
   * that some get less.
   */
  private boolean weigh() {
    boolean parts = warmUp.configured() || subset.configured();
    if (!parts && !weighed) {
      return false;
    }
    weighed = parts;
    double most = 0;
    boolean alike = true;
    for (EndpointConnection connection : connections) {
      EndpointShare share = shareOf(connection);
      double factor = warmUp.factor(share) * subset.fraction(connection);
      share.setFactor(factor);
      if (connection.state() == EndpointState.READY) {
        alike &= most == 0 || factor == most;
        most = Math.max(most, factor);
      }
    }
    warmUp.watch(connections);
    double whole = most;
    boolean whatever = alike || whole == 0;
    for (EndpointConnection connection : connections) {
      // Where all are new, or all are halves, nobody is to get less than the others.
      EndpointShare share = shareOf(connection);
      share.setFactor(whatever ? 1 : Math.min(1, share.factor() / whole));
    }
    return !whatever && policies.weighing() == Weighing.BY_PICKER;
  }

  private EndpointShare shareOf(EndpointConnection connection) {
    EndpointShare share = connection.share();
    if (share == null) {
      share = warmUp.old();
      connection.share(share);
    }
    return share;
  }

  private void publishAnew() {
    if (published == ConnectivityState.READY && !held && !closed) {
      publish();
    }
  }

  private void useShares(TrafficShares next) {
    TrafficShares before = shares;
    shares = next;
    if (next.sameGroups(before) || (before.byGroup().isEmpty() && next.plain())) {
      return;
    }
    List<TrafficGroup> traffic = next.toGroups();
    helper
        .getChannelLogger()
        .log(
            next.panics() || before.panics() ? ChannelLogLevel.WARNING : ChannelLogLevel.INFO,
            "calls are split in another way: {0}",
            traffic);
    listeners.tell(listener -> listener.onTrafficSplit(traffic));
  }

  private Picker chooser() {
    if (rotations.size() == 1) {
      return policies.picker(rotations.get(0));
    }
    List<SplitPicker.Part> parts =
        rotations.stream().map(each -> new SplitPicker.Part(each, policies.picker(each))).toList();
    return new SplitPicker(parts, context.random());
  }

  private Status failure(BalancerState picture) {
    return Status.UNAVAILABLE
        .withDescription(
            "target \"" + helper.getChannelTarget() + "\": no endpoint takes calls: " + picture)
        .withCause(discoveryProblem.getCause());
  }
}
