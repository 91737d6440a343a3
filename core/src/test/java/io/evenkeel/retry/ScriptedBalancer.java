package io.evenkeel.retry;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Metadata;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A balancer without a policy: the test answers each pick itself. It shows what gRPC does with the
 * answers, whatever our own balancer makes of that. Thread-safe.
 */
final class ScriptedBalancer extends LoadBalancerProvider implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private final String name = "scripted-" + NAMES.incrementAndGet();
  private final List<Pick> picks = new CopyOnWriteArrayList<>();
  private volatile Function<Pick, LoadBalancer.PickResult> script;
  private volatile Runnable publish = () -> {};

  /** What a pick was asked for. */
  record Pick(int previousAttempts, CallOptions options, List<LoadBalancer.Subchannel> ready) {

    LoadBalancer.PickResult to(int endpoint) {
      return LoadBalancer.PickResult.withSubchannel(ready.get(endpoint));
    }

    LoadBalancer.PickResult to(int endpoint, ClientStreamTracer.Factory tracers) {
      return LoadBalancer.PickResult.withSubchannel(ready.get(endpoint), tracers);
    }
  }

  /** Answers picks by {@code script}, once every endpoint is connected. */
  ScriptedBalancer(Function<Pick, LoadBalancer.PickResult> script) {
    this.script = script;
    LoadBalancerRegistry.getDefaultRegistry().register(this);
  }

  /** A service config of this balancer for all methods, whose {@code field} is {@code value}. */
  Map<String, ?> serviceConfig(String field, Object value) {
    return Map.of(
        "loadBalancingConfig",
        List.of(Map.of(name, Map.of())),
        "methodConfig",
        List.of(Map.of("name", List.of(Map.of()), field, value)));
  }

  /** Answers picks by {@code next} from now on, and those first that had no answer yet. */
  void publish(Function<Pick, LoadBalancer.PickResult> next) {
    script = next;
    publish.run();
  }

  /** The picks until now. gRPC may pick more than once for an attempt. */
  List<Pick> picks() {
    return List.copyOf(picks);
  }

  /** For which attempts gRPC has picked, by how many there were before, without repetition. */
  List<Integer> attempts() {
    return picks.stream().map(Pick::previousAttempts).distinct().sorted().toList();
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return new Balancer(helper);
  }

  @Override
  public String getPolicyName() {
    return name;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return 5;
  }

  @Override
  public ConfigOrError parseLoadBalancingPolicyConfig(Map<String, ?> config) {
    return ConfigOrError.fromConfig(name);
  }

  @Override
  public void close() {
    LoadBalancerRegistry.getDefaultRegistry().deregister(this);
  }

  private final class Balancer extends LoadBalancer {
    private final Helper helper;
    private final List<Subchannel> subchannels = new ArrayList<>();
    private final Set<Subchannel> ready = new HashSet<>();

    Balancer(Helper helper) {
      this.helper = helper;
    }

    @Override
    public Status acceptResolvedAddresses(ResolvedAddresses addresses) {
      if (subchannels.isEmpty()) {
        addresses.getAddresses().forEach(this::connect);
      }
      return Status.OK;
    }

    private void connect(EquivalentAddressGroup group) {
      Subchannel subchannel =
          helper.createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(group).build());
      subchannels.add(subchannel);
      subchannel.start(state -> onState(subchannel, state));
      subchannel.requestConnection();
    }

    private void onState(Subchannel subchannel, ConnectivityStateInfo state) {
      if (state.getState() == ConnectivityState.READY
          && ready.add(subchannel)
          && ready.size() == subchannels.size()) {
        publish = () -> helper.getSynchronizationContext().execute(this::publishNow);
        publishNow();
      }
    }

    private void publishNow() {
      List<Subchannel> all = List.copyOf(subchannels);
      helper.updateBalancingState(
          ConnectivityState.READY,
          new SubchannelPicker() {
            @Override
            public PickResult pickSubchannel(PickSubchannelArgs args) {
              String before = args.getHeaders().get(PREVIOUS_ATTEMPTS);
              int previous = before == null ? 0 : Integer.parseInt(before);
              Pick pick = new Pick(previous, args.getCallOptions(), all);
              picks.add(pick);
              return script.apply(pick);
            }
          });
    }

    @Override
    public void handleNameResolutionError(Status error) {
      throw new AssertionError(error);
    }

    @Override
    public void shutdown() {
      subchannels.forEach(Subchannel::shutdown);
    }
  }
}
