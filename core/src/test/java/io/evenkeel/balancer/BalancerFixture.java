package io.evenkeel.balancer;

import io.evenkeel.BalancerListener;
import io.evenkeel.BalancerSnapshot;
import io.evenkeel.BalancerState;
import io.evenkeel.BalancerView;
import io.evenkeel.Endpoint;
import io.evenkeel.TrafficGroup;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.FakeSubchannel;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A balancer on a fake channel. Endpoints are told apart by their ports. */
final class BalancerFixture {
  static final Duration COALESCING = RotationPublisher.COALESCING;

  /** Longer than any wait before an endpoint is tried again. */
  static final Duration BACKOFF = BalancerConfig.DEFAULT_MAX_BACKOFF.multipliedBy(2);

  /** What the wall clock says when the fake clock says 0. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final List<String> events = new ArrayList<>();
  final List<BalancerState> states = new ArrayList<>();

  /** The balancers that the listener knows to have started and not to have ended. */
  final List<BalancerView> live = new ArrayList<>();

  final FakeHelper helper = new FakeHelper().with(BalancerListener.KEY, new Recorder());
  final EvenkeelBalancer balancer;
  private @Nullable BalancerConfig config;
  private Runnable check = () -> {};
  private Attributes attributes = Attributes.EMPTY;

  /** A balancer without chance. */
  BalancerFixture() {
    this(ScriptedRandom.of(0));
  }

  /** A balancer that draws from {@code random}. */
  BalancerFixture(RandomGenerator random) {
    balancer =
        new EvenkeelBalancer(
            helper,
            new PolicyContext(random, helper.clock(), new GuardedTimer(helper)),
            () -> START.plusNanos(helper.clock().getAsLong()));
  }

  /** A balancer that has connected to {@code ports}, all of which are ready and published. */
  static BalancerFixture readyOn(int... ports) {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(ports);
    fixture.readyAll();
    fixture.passCoalescing();
    return fixture;
  }

  /** Lets a balancer of its own on {@code helper} accept one endpoint. */
  static void acceptOne(FakeHelper helper) {
    EvenkeelBalancer balancer =
        new EvenkeelBalancer(
            helper,
            new PolicyContext(ScriptedRandom.of(0), helper.clock()),
            InstantSource.system());
    helper.run(
        () ->
            balancer.acceptResolvedAddresses(
                ResolvedAddresses.newBuilder().setAddresses(List.of(group(1))).build()));
  }

  static EquivalentAddressGroup group(int port) {
    return Endpoint.of(address(port)).toAddressGroup();
  }

  static EquivalentAddressGroup group(int port, int weight) {
    return Endpoint.of(address(port)).withWeight(weight).toAddressGroup();
  }

  static InetSocketAddress address(int port) {
    return InetSocketAddress.createUnresolved("127.0.0.1", port);
  }

  static Status refused() {
    return Status.UNAVAILABLE
        .withDescription("io exception")
        .withCause(new IllegalStateException("channel", new IOException("refused")));
  }

  /** Uses the {@code evenkeel} object {@code json} from the next list on. */
  BalancerFixture config(Map<String, ?> json) {
    config = BalancerConfig.parse(json);
    return this;
  }

  /** Checks health of {@code service} from the next list on. */
  BalancerFixture healthService(String service) {
    attributes =
        Attributes.newBuilder()
            .set(LoadBalancer.ATTR_HEALTH_CHECKING_CONFIG, Map.of("serviceName", service))
            .build();
    return this;
  }

  /** Comes with the lists from now on. */
  <T> BalancerFixture attribute(Attributes.Key<T> key, T value) {
    attributes = attributes.toBuilder().set(key, value).build();
    return this;
  }

  Status accept(int... ports) {
    return accept(IntStream.of(ports).mapToObj(BalancerFixture::group).toList());
  }

  Status accept(EquivalentAddressGroup... groups) {
    return accept(Arrays.asList(groups));
  }

  Status accept(List<EquivalentAddressGroup> groups) {
    Status[] accepted = {Status.UNKNOWN};
    helper.run(
        () ->
            accepted[0] =
                balancer.acceptResolvedAddresses(
                    ResolvedAddresses.newBuilder()
                        .setAddresses(groups)
                        .setAttributes(attributes)
                        .setLoadBalancingPolicyConfig(config)
                        .build()));
    return accepted[0];
  }

  void discoveryFails(Status error) {
    helper.run(() -> balancer.handleNameResolutionError(error));
  }

  void shutdown() {
    helper.run(balancer::shutdown);
  }

  /** Runs {@code check} at each picture that the listener gets from now on. */
  void onState(Runnable check) {
    this.check = check;
  }

  /** The newest subchannel to {@code port}. */
  FakeSubchannel subchannel(int port) {
    return newest(port).orElseThrow(() -> new AssertionError("nobody has connected to " + port));
  }

  /** The subchannel to {@code port} that the balancer has not let go of. */
  Optional<FakeSubchannel> live(int port) {
    return newest(port).filter(subchannel -> !subchannel.isShutdown());
  }

  /** Lets time pass until endpoints that could not be connected are tried again. */
  void passBackoff() {
    helper.clock().advance(BACKOFF);
  }

  /** Connects all that are dialled, and those that are dialled then. */
  void readyAll() {
    for (int i = 0; i < helper.subchannels().size(); i++) {
      helper.subchannels().get(i).ready();
    }
  }

  private Optional<FakeSubchannel> newest(int port) {
    FakeSubchannel newest = null;
    for (FakeSubchannel subchannel : helper.subchannels()) {
      newest = port(subchannel) == port ? subchannel : newest;
    }
    return Optional.ofNullable(newest);
  }

  void passCoalescing() {
    helper.clock().advance(COALESCING);
  }

  /** The port that the next call goes to; 0 when it waits or fails. */
  int pick() {
    PickResult result = helper.pick();
    return result.getSubchannel() == null ? 0 : port((FakeSubchannel) result.getSubchannel());
  }

  List<Integer> picks(int calls) {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      ports.add(pick());
    }
    return ports;
  }

  BalancerState lastState() {
    return states.get(states.size() - 1);
  }

  static int port(FakeSubchannel subchannel) {
    return port(subchannel.getAllAddresses().get(0));
  }

  static int port(EquivalentAddressGroup group) {
    return ((InetSocketAddress) group.getAddresses().get(0)).getPort();
  }

  /** The picture of the balancer, which has not ended. */
  BalancerSnapshot snapshot() {
    return live.get(0).snapshot();
  }

  private final class Recorder implements BalancerListener {
    @Override
    public void onStarted(BalancerView balancer) {
      live.add(balancer);
    }

    @Override
    public void onEnded(BalancerView balancer) {
      live.remove(balancer);
    }

    @Override
    public void onConnectFailed(Endpoint endpoint, Status reason, int inARow) {
      add("connect failed " + inARow, endpoint);
    }

    @Override
    public void onHealthVerdict(Endpoint endpoint, Status verdict) {
      add("verdict " + verdict.getCode(), endpoint);
    }

    @Override
    public void onEmptyList() {
      events.add("empty list");
    }

    @Override
    public void onListRefused(Status reason) {
      events.add("refused " + reason.getDescription());
    }

    @Override
    public void onDiscoveryError(Status error) {
      events.add("discovery " + error.getDescription());
    }

    @Override
    public void onDiscoveryStale(Status reason) {
      events.add("stale " + reason.getDescription());
    }

    @Override
    public void onDiscoveryRecovered() {
      events.add("recovered");
    }

    @Override
    public void onDropHeld(int endpoints) {
      events.add("held " + endpoints);
    }

    @Override
    public void onDiscoverySource(String target) {
      events.add("source " + target);
    }

    @Override
    public void onDiscoveryRebuilt(long total) {
      events.add("rebuilt " + total);
    }

    @Override
    public void onPolicyFault(Throwable thrown, long total) {
      events.add("fault " + thrown.getMessage() + " " + total);
    }

    @Override
    public void onFound(Endpoint endpoint) {
      add("found", endpoint);
    }

    @Override
    public void onReady(Endpoint endpoint) {
      add("ready", endpoint);
    }

    @Override
    public void onLost(Endpoint endpoint, Status reason) {
      events.add("lost " + endpoint.displayAddress() + " " + reason.getDescription());
    }

    @Override
    public void onRevived(Endpoint endpoint) {
      events.add("revived " + endpoint.displayAddress());
    }

    @Override
    public void onRemoved(Endpoint endpoint) {
      add("removed", endpoint);
    }

    @Override
    public void onPolicySwitched(String policy) {
      events.add("policy " + policy);
    }

    @Override
    public void onConnections(Endpoint endpoint, int connections) {
      add("connections " + connections, endpoint);
    }

    @Override
    public void onQueued(Endpoint endpoint, int queued, String why) {
      events.add("queued " + queued + " " + endpoint.displayAddress() + ": " + why);
    }

    @Override
    public void onTrafficSplit(List<TrafficGroup> groups) {
      events.add("traffic " + groups);
    }

    @Override
    public void onState(BalancerState state) {
      states.add(state);
      check.run();
    }

    private void add(String what, Endpoint endpoint) {
      events.add(what + " " + endpoint.displayAddress());
    }
  }
}
