package io.evenkeel.balancer;

import io.evenkeel.BalancerSnapshot;
import io.evenkeel.BalancerState;
import io.evenkeel.BalancerView;
import io.evenkeel.EndpointSnapshot;
import io.evenkeel.EndpointState;
import io.evenkeel.Occurrence;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.load.Latency;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Rotation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the process sees of a balancer. It only reads what the engine publishes. Thread-safe. */
final class EngineView implements BalancerView {
  private final EvenkeelBalancer balancer;
  private final String target;
  private final InstantSource clock;

  EngineView(EvenkeelBalancer balancer, String target, InstantSource clock) {
    this.balancer = balancer;
    this.target = target;
    this.clock = clock;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public String policy() {
    PolicyChoice choice = balancer.publisher().choice();
    return choice == null ? "" : choice.name();
  }

  @Override
  public void explainPicks(int lastN) {
    if (lastN < 0 || lastN > MAX_EXPLAINED_PICKS) {
      throw new IllegalArgumentException(
          "lastN: " + lastN + " (expected: 0.." + MAX_EXPLAINED_PICKS + ")");
    }
    balancer
        .helper()
        .getSynchronizationContext()
        .execute(() -> balancer.publisher().explainPicks(lastN));
  }

  @Override
  public BalancerSnapshot snapshot() {
    RotationPublisher publisher = balancer.publisher();
    SnapshotTime now = new SnapshotTime(clock.instant(), balancer.nanoTime());
    Collection<EndpointConnection> connections = balancer.connections();
    List<EndpointSnapshot> endpoints = endpoints(connections, now);
    PolicyChoice choice = publisher.choice();
    PickLog log = publisher.pickLog();
    return new BalancerSnapshot(
        target,
        now.wall(),
        choice == null ? "" : choice.name(),
        choice == null ? Map.of() : choice.settings(),
        totals(endpoints, ProblemReport.of(connections, publisher.discoveryProblem())),
        balancer.gate().waitingSeen(),
        publisher.traffic(),
        balancer.standby(),
        endpoints,
        balancer.discovery().snapshot(now),
        publisher.faults().total(),
        Optional.ofNullable(publisher.faults().last()).map(Throwable::toString),
        log == null ? List.of() : log.picks());
  }

  private List<EndpointSnapshot> endpoints(
      Collection<EndpointConnection> connections, SnapshotTime now) {
    IdentityHashMap<Candidate, Double> weights = weights(balancer.publisher().rotations());
    long[] picks = connections.stream().mapToLong(each -> each.load().started()).toArray();
    long total = 0;
    for (long each : picks) {
      total += each;
    }
    List<EndpointSnapshot> endpoints = new ArrayList<>(connections.size());
    for (EndpointConnection connection : connections) {
      long started = picks[endpoints.size()];
      double share = total == 0 ? 0 : (double) started / total;
      double weight = weights.getOrDefault(connection, 0.0);
      endpoints.add(endpoint(connection, now, new Part(weight, started, share)));
    }
    return endpoints;
  }

  /** What an endpoint has of the whole. */
  private record Part(double weight, long picks, double share) {}

  private static EndpointSnapshot endpoint(
      EndpointConnection connection, SnapshotTime now, Part part) {
    Standing standing = connection.standing();
    ConnectFailure failure = standing.failure();
    EndpointLoad load = connection.load();
    Optional<Latency> measured = Optional.ofNullable(load.latency());
    Optional<Occurrence> lastFailure =
        Optional.ofNullable(failure)
            .map(last -> now.occurrence(ProblemReport.describe(last.status()), last.atNanos()));
    return new EndpointSnapshot(
        connection.endpoint(),
        standing.state(),
        standing.problem().isOk() ? "" : ProblemReport.describe(standing.problem()),
        now.instant(standing.sinceNanos()),
        now.age(standing.sinceNanos()),
        standing.state() == EndpointState.READY ? part.weight : 0,
        load.inFlight(),
        load.limit() == EndpointLoad.UNLIMITED ? OptionalInt.empty() : OptionalInt.of(load.limit()),
        connection.connections(),
        connection.streamsEach(),
        load.waiting(),
        measured
            .map(each -> Duration.ofNanos((long) each.averageNanos(now.nanos())))
            .filter(EngineView::isKnown),
        measured
            .map(each -> Duration.ofNanos(each.oldestOpenNanos(now.nanos())))
            .filter(EngineView::isKnown),
        load.failures(),
        part.picks,
        part.share,
        failure == null ? 0 : failure.inARow(),
        lastFailure);
  }

  private static boolean isKnown(Duration duration) {
    return !duration.isZero();
  }

  private static IdentityHashMap<Candidate, Double> weights(List<GroupRotation> groups) {
    IdentityHashMap<Candidate, Double> weights = new IdentityHashMap<>();
    for (GroupRotation group : groups) {
      Rotation rotation = group.rotation();
      for (int i = 0; i < rotation.size(); i++) {
        weights.put(rotation.get(i), rotation.weight(i));
      }
    }
    return weights;
  }

  private static BalancerState totals(List<EndpointSnapshot> endpoints, String problem) {
    StateCounts totals = new StateCounts();
    endpoints.forEach(endpoint -> totals.enter(endpoint.state()));
    return totals.toState(problem);
  }
}
