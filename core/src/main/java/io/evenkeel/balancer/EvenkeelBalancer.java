package io.evenkeel.balancer;

import io.evenkeel.BalancerRegistry;
import io.evenkeel.BalancerView;
import io.evenkeel.ClientZone;
import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.backoff.Retry;
import io.evenkeel.health.HealthCheck;
import io.evenkeel.health.HealthListener;
import io.evenkeel.health.HealthWatch;
import io.evenkeel.load.LoadMemory;
import io.evenkeel.load.LoadReportWatch;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.slowstart.EndpointAge;
import io.evenkeel.slowstart.EndpointAge.Listing;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The load balancer of one channel: keeps one connection per endpoint, and a {@link
 * RotationPublisher} that tells the channel which of them take calls.
 *
 * <p>A list that is empty or refused never replaces a good one: endpoints are served from the last
 * good list until discovery has a better one. Nothing throws out of it; it degrades to its last
 * good state and says so in the channel's log.
 *
 * <p>Synchronization context only, as gRPC calls it.
 */
final class EvenkeelBalancer extends LoadBalancer implements ConnectionHost {
  private static final String NOT_TAKEN = "evenkeel: a list of endpoints was not taken";

  private final Helper helper;
  private final PolicyContext context;
  private final Listeners listeners;
  private final RotationPublisher publisher;
  private final ConnectGate gate;
  private final ReconnectSchedule reconnects;
  private final EndpointGuards guards;
  private final SubsetChoice subset;
  private final DiscoveryHistory discovery;
  private final DiscoveryFollower follower;
  private final EngineView view;
  private final LoadMemory memory;
  private final InstantSource clock;

  /** Replaced as a whole and never changed: any thread may read it. */
  private volatile List<EndpointConnection> connections = List.of();

  private BalancerConfig config = BalancerConfig.DEFAULT;
  private @Nullable String healthService;
  private String loggedProblems = "";
  private boolean loggedWeightless;
  private boolean loggedNoReports;
  private boolean ended;
  private boolean takenBefore; // whether a list was taken
  private @Nullable ScheduledHandle rechoice; // while the subset is about to change

  /** A balancer that knows no endpoint from before. */
  EvenkeelBalancer(Helper helper, PolicyContext context, InstantSource clock) {
    this(helper, context, clock, new LoadMemory(context.nanoTime()));
  }

  /** A balancer that knows of its endpoints what {@code memory} has kept, and leaves it more. */
  EvenkeelBalancer(Helper helper, PolicyContext context, InstantSource clock, LoadMemory memory) {
    this.helper = helper;
    this.context = context;
    this.memory = memory;
    this.clock = clock;
    this.view = new EngineView(this, helper.getChannelTarget(), clock);
    this.listeners = new Listeners(helper, view);
    this.guards = new EndpointGuards(helper, context, listeners, this::connections);
    this.subset = new SubsetChoice(context.random().nextLong());
    this.publisher = new RotationPublisher(helper, context, clock, listeners, guards, subset);
    this.gate = new ConnectGate(helper, context);
    this.reconnects = new ReconnectSchedule(context, gate::retry);
    this.follower = new DiscoveryFollower(helper.getSynchronizationContext(), listeners);
    this.discovery = new DiscoveryHistory(context.nanoTime(), follower);
    Integer explained = helper.getNameResolverArgs().getArg(BalancerView.EXPLAIN_PICKS);
    if (explained != null) {
      publisher.explainPicks(Math.min(explained, BalancerView.MAX_EXPLAINED_PICKS));
    }
    BalancerRegistry.add(view);
    listeners.started();
  }

  @Override
  public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
    try {
      return accept(resolved);
    } catch (RuntimeException unexpected) {
      Status reason = Status.INTERNAL.withDescription(NOT_TAKEN).withCause(unexpected);
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.ERROR, "a list of endpoints was not taken: {0}", unexpected);
      discovery.refused(reason);
      listeners.tell(listener -> listener.onListRefused(reason));
      return reason;
    }
  }

  @Override
  public void handleNameResolutionError(Status error) {
    discovery.failed(error);
    listeners.tell(listener -> listener.onDiscoveryError(error));
    publisher.onDiscoveryProblem(error);
  }

  /** Every endpoint is always connected or being connected, so there is nothing to ask for. */
  @Override
  public void requestConnection() {}

  @Override
  public void shutdown() {
    publisher.close();
    gate.close();
    reconnects.close();
    guards.close();
    follower.close();
    if (rechoice != null) {
      rechoice.cancel();
    }
    connections.forEach(this::close);
    connections = List.of();
    if (!ended) {
      ended = true;
      BalancerRegistry.remove(view);
      listeners.tell(listener -> listener.onEnded(view));
    }
  }

  RotationPublisher publisher() {
    return publisher;
  }

  /** How many endpoints are listed and not in this client's subset. Any thread. */
  int standby() {
    return subset.standby();
  }

  DiscoveryHistory discovery() {
    return discovery;
  }

  /** The connections to all endpoints, in the order of discovery. Any thread. */
  Collection<EndpointConnection> connections() {
    return connections;
  }

  @Override
  public Helper helper() {
    return helper;
  }

  @Override
  public ConnectGate gate() {
    return gate;
  }

  @Override
  public ReconnectSchedule reconnects() {
    return reconnects;
  }

  @Override
  public RandomGenerator random() {
    return context.random();
  }

  @Override
  public void soon(Runnable task) {
    // By timer also without delay: the thread of a call is not to run what waits in the context.
    context.timer().schedule(task, 0);
  }

  @Override
  public void onRoom(EndpointConnection connection) {
    guards.limit(connection);
  }

  @Override
  public void onAttempt() {
    guards.queues().onAttempt();
  }

  @Override
  public void wakeCalls() {
    publisher.wakeCalls();
  }

  @Override
  public void onConnections(EndpointConnection connection) {
    listeners.tell(
        listener -> listener.onConnections(connection.endpoint(), connection.connections()));
  }

  @Override
  public long nanoTime() {
    return context.nanoTime().getAsLong();
  }

  @Override
  public @Nullable HealthWatch newHealthWatch(Subchannel subchannel, HealthListener listener) {
    if (healthService == null) {
      return null;
    }
    return new HealthWatch(
        subchannel.asChannel(),
        new HealthCheck(healthService, config.healthTimeout()),
        listener,
        timing());
  }

  @Override
  public void onStanding(EndpointConnection connection, Standing before, int misplaced) {
    EndpointState state = connection.state();
    if (state == EndpointState.READY && before.state() != EndpointState.READY) {
      if (!publisher.anyReady()) {
        // What was wrong with all of them is over perhaps.
        reconnects.hurryAll();
      }
      listeners.tell(listener -> listener.onReady(connection.endpoint()));
    } else if (state != EndpointState.READY && before.state() == EndpointState.READY) {
      listeners.tell(listener -> listener.onLost(connection.endpoint(), connection.problem()));
    }
    publisher.onStanding(connection, before, misplaced);
    if (subset.judge(connection) && rechoice == null) {
      rechoice = context.timer().schedule(this::rechoose, RotationPublisher.COALESCING.toNanos());
    }
  }

  @Override
  public void onConnectFailed(EndpointConnection connection, ConnectFailure failure) {
    listeners.tell(
        listener ->
            listener.onConnectFailed(connection.endpoint(), failure.status(), failure.inARow()));
  }

  @Override
  public void onHealthVerdict(EndpointConnection connection, Status verdict) {
    listeners.tell(listener -> listener.onHealthVerdict(connection.endpoint(), verdict));
  }

  @Override
  public LoadReportWatch newReportWatch(
      EndpointConnection connection, Subchannel subchannel, Duration interval) {
    LoadReportWatch.Surroundings surroundings =
        new LoadReportWatch.Surroundings(timing(), () -> logNoReports(connection));
    return new LoadReportWatch(subchannel.asChannel(), interval, connection.load(), surroundings);
  }

  /** When and where watches of single endpoints are opened again. */
  private Retry.Timing timing() {
    return new Retry.Timing(
        helper.getSynchronizationContext(), helper.getScheduledExecutorService(), context.random());
  }

  /** Once is enough: where one server has no such service, none has as a rule. */
  private void logNoReports(EndpointConnection connection) {
    if (!loggedNoReports) {
      loggedNoReports = true;
      helper
          .getChannelLogger()
          .log(
              ChannelLogLevel.WARNING,
              "{0} has no service that reports load on a stream: its weight is the others'' mean",
              connection.endpoint().displayAddress());
    }
  }

  @Override
  public void refreshDiscovery() {
    publisher.refreshDiscoverySoon();
  }

  private Status accept(ResolvedAddresses resolved) {
    EndpointList list = EndpointList.of(resolved.getAddresses());
    follower.follow(resolved.getAttributes().get(DiscoveryStatus.KEY));
    logProblems(list);
    if (list.endpoints().isEmpty()) {
      Status expired = resolved.getAttributes().get(DiscoveryStatus.EXPIRED);
      if (expired != null) {
        giveUp(expired);
        return Status.OK;
      }
      Status empty =
          Status.UNAVAILABLE.withDescription(
              "discovery brought no usable endpoint" + list.describeProblems());
      refuse(empty, resolved.getAddresses().isEmpty());
      return empty;
    }
    discovery.accepted(list);
    replace(
        () -> {
          configure(resolved);
          return subset.choose(list.endpoints());
        },
        Status.OK);
    takenBefore = true;
    return Status.OK;
  }

  /** The list is too old to be used any more. */
  private void giveUp(Status reason) {
    discovery.refused(reason);
    replace(() -> subset.choose(Map.of()), reason);
  }

  /** Endpoints have proved good or bad, so the subset holds others. */
  private void rechoose() {
    rechoice = null;
    replace(subset::chosen, publisher.discoveryProblem());
  }

  /**
   * Connects to those that {@code choice} wants from now on, and to no others.
   *
   * @param problem what calls are told if no endpoint takes any
   */
  private void replace(Supplier<Map<Object, EquivalentAddressGroup>> choice, Status problem) {
    publisher.hold();
    gate.hold();
    Collection<EndpointConnection> removed;
    try {
      removed = replaceConnections(choice.get());
    } finally {
      publisher.release(connections, problem);
      gate.release(config.maxConcurrentConnects());
    }
    // Only now, so that no call is sent to a connection that is closing.
    removed.forEach(this::remove);
  }

  private void refuse(Status reason, boolean empty) {
    discovery.refused(reason);
    listeners.tell(
        listener -> {
          if (empty) {
            listener.onEmptyList();
          } else {
            listener.onListRefused(reason);
          }
        });
    publisher.onDiscoveryProblem(reason);
  }

  /** Says what is wrong with the list, once however often it comes again. */
  private void logProblems(EndpointList list) {
    String problems = list.describeProblems();
    if (!problems.isEmpty() && !problems.equals(loggedProblems)) {
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.WARNING, "the list of endpoints has bad elements" + problems);
    }
    loggedProblems = problems;
    if (list.weightless() && !loggedWeightless) {
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.WARNING, "all endpoints have weight 0: they share the calls alike");
    }
    loggedWeightless = list.weightless();
  }

  /**
   * Connects what is new, updates what stays, and answers what is gone. Connections are found by
   * their addresses only here, so the map for it is not kept.
   */
  private Collection<EndpointConnection> replaceConnections(
      Map<Object, EquivalentAddressGroup> wanted) {
    Map<Object, EndpointConnection> gone = new LinkedHashMap<>(connections.size() * 2);
    for (EndpointConnection connection : connections) {
      gone.put(EndpointList.key(connection.group()), connection);
    }
    List<EndpointConnection> next = new ArrayList<>(wanted.size());
    wanted.forEach(
        (key, group) -> {
          EndpointConnection known = gone.remove(key);
          next.add(known == null ? connect(key, group) : update(known, group));
        });
    gone.values().forEach(publisher::forget);
    connections = List.copyOf(next);
    return gone.values();
  }

  private EndpointConnection connect(Object key, EquivalentAddressGroup group) {
    Endpoint endpoint = Endpoint.of(group);
    EndpointConnection connection =
        group.getAddresses().size() == 1
            ? new SubchannelConnection(endpoint, group, this)
            : new PickFirstConnection(endpoint, group, this);
    connection.load().resume(memory.recall(memoryKey(key)));
    guards.add(connection);
    if (config.slowStart().isPresent()) {
      connection.share(new EndpointShare(nanoTime() - ageOf(endpoint)));
    }
    publisher.add(connection);
    listeners.tell(listener -> listener.onFound(endpoint));
    connection.open();
    return connection;
  }

  /** How long the process behind {@code endpoint}, which is new in the list, has been running. */
  private long ageOf(Endpoint endpoint) {
    Listing listing = takenBefore ? Listing.LATER : Listing.FIRST;
    return EndpointAge.whenListed(listing, endpoint.metadata(), clock.instant());
  }

  private EndpointConnection update(EndpointConnection connection, EquivalentAddressGroup group) {
    if (!group.equals(connection.group())) {
      connection.update(Endpoint.of(group), group);
      publisher.onAttributes();
    }
    return connection;
  }

  private void remove(EndpointConnection connection) {
    close(connection);
    listeners.tell(listener -> listener.onRemoved(connection.endpoint()));
  }

  private void close(EndpointConnection connection) {
    guards.remove(connection);
    connection.close();
    Object key = EndpointList.key(connection.group());
    memory.remember(memoryKey(key), connection.load().history());
  }

  private LoadMemory.Key memoryKey(Object addresses) {
    return new LoadMemory.Key(helper.getChannelTarget(), addresses);
  }

  private void configure(ResolvedAddresses resolved) {
    BalancerConfig next =
        resolved.getLoadBalancingPolicyConfig() instanceof BalancerConfig given
            ? given
            : BalancerConfig.DEFAULT;
    reconnects.longest(next.maxBackoff());
    if (guards.use(next.guards())) {
      publisher.onAttributes();
    }
    subset.use(next.subset());
    publisher.useSlowStart(next.slowStart());
    publisher.usePolicy(next.policy());
    publisher.useLocality(next.locality().in(ClientZone.of(helper.getNameResolverArgs())));
    String service = HealthServiceName.in(resolved.getAttributes());
    boolean healthChanged =
        !Objects.equals(service, healthService)
            || !next.healthTimeout().equals(config.healthTimeout());
    config = next;
    healthService = service;
    if (healthChanged) {
      connections.forEach(EndpointConnection::healthCheckChanged);
    }
  }
}
