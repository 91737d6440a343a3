package io.evenkeel.testkit;

import io.grpc.CallOptions;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolver;
import io.grpc.NameResolver.ServiceConfigParser;
import io.grpc.SynchronizationContext;
import io.grpc.health.v1.HealthGrpc;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is to its load balancer, without a network: subchannels change state when the test
 * says so, and whatever the balancer publishes is kept. What is thrown in the synchronization
 * context fails the test. Not thread-safe.
 */
public final class FakeHelper extends LoadBalancer.Helper {
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError("thrown in the synchronization context", thrown);
          });
  private final FakeClock clock = new FakeClock();
  private final List<FakeSubchannel> subchannels = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private final NameResolver.Args.Builder resolverArgs =
      NameResolver.Args.newBuilder()
          .setDefaultPort(1)
          .setProxyDetector(address -> null)
          .setSynchronizationContext(syncContext)
          .setScheduledExecutorService(clock)
          .setServiceConfigParser(new UnusedParser());
  private @Nullable ConnectivityState state;
  private @Nullable SubchannelPicker picker;
  private int updates;
  private int refreshes;

  /** Hands {@code value} to the balancer the way a channel does. */
  public <T> FakeHelper with(NameResolver.Args.Key<T> key, T value) {
    resolverArgs.setArg(key, value);
    return this;
  }

  /** The time of this channel. */
  public FakeClock clock() {
    return clock;
  }

  /** Every subchannel that was ever made, in order. */
  public List<FakeSubchannel> subchannels() {
    return subchannels;
  }

  /** What the balancer has written to the channel's log. */
  public List<String> log() {
    return log;
  }

  /** The state that was published last; null before the first. */
  public @Nullable ConnectivityState state() {
    return state;
  }

  /** The picker that was published last; null before the first. */
  public @Nullable SubchannelPicker picker() {
    return picker;
  }

  /** How many pickers were published. */
  public int updates() {
    return updates;
  }

  /** How often discovery was asked to look again. */
  public int refreshes() {
    return refreshes;
  }

  /** Runs {@code task} in the synchronization context. */
  public void run(Runnable task) {
    syncContext.execute(task);
  }

  /** Asks the picker that was published last. */
  public PickResult pick() {
    return pick(CallOptions.DEFAULT);
  }

  /** Asks the picker that was published last, for a call with {@code options}. */
  public PickResult pick(CallOptions options) {
    return pick(call(options));
  }

  /** Asks the picker that was published last, for {@code call}. */
  public PickResult pick(PickSubchannelArgs call) {
    return Objects.requireNonNull(picker, "no picker was published").pickSubchannel(call);
  }

  /** A call with {@code options}, as a picker sees it. */
  public static PickSubchannelArgs call(CallOptions options) {
    return new FakeCall(options, new Metadata());
  }

  @Override
  public Subchannel createSubchannel(CreateSubchannelArgs args) {
    FakeSubchannel subchannel = new FakeSubchannel(args, this);
    subchannels.add(subchannel);
    return subchannel;
  }

  @Override
  public void updateBalancingState(ConnectivityState newState, SubchannelPicker newPicker) {
    syncContext.throwIfNotInThisSynchronizationContext();
    state = newState;
    picker = newPicker;
    updates++;
  }

  @Override
  public void refreshNameResolution() {
    refreshes++;
  }

  @Override
  public SynchronizationContext getSynchronizationContext() {
    return syncContext;
  }

  @Override
  public ScheduledExecutorService getScheduledExecutorService() {
    return clock;
  }

  @Override
  public NameResolver.Args getNameResolverArgs() {
    return resolverArgs.build();
  }

  @Override
  public String getAuthority() {
    return "fake";
  }

  @Override
  public String getChannelTarget() {
    return "fake:///service";
  }

  @Override
  public ChannelLogger getChannelLogger() {
    return new KeptLog();
  }

  @Override
  @Deprecated
  public ManagedChannel createOobChannel(EquivalentAddressGroup group, String authority) {
    throw new UnsupportedOperationException("a fake channel has no out-of-band channel");
  }

  private final class KeptLog extends ChannelLogger {
    @Override
    public void log(ChannelLogLevel level, String message) {
      log.add(level + " " + message);
    }

    @Override
    public void log(ChannelLogLevel level, String format, Object... args) {
      log(level, MessageFormat.format(format, args));
    }
  }

  private static final class UnusedParser extends ServiceConfigParser {
    @Override
    public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> config) {
      throw new UnsupportedOperationException("a fake channel parses no service config");
    }
  }

  private static final class FakeCall extends PickSubchannelArgs {
    private final CallOptions options;
    private final Metadata headers;

    FakeCall(CallOptions options, Metadata headers) {
      this.options = options;
      this.headers = headers;
    }

    @Override
    public CallOptions getCallOptions() {
      return options;
    }

    @Override
    public Metadata getHeaders() {
      return headers;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return HealthGrpc.getCheckMethod();
    }
  }
}
