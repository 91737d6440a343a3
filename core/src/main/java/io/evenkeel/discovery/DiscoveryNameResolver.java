package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.evenkeel.backoff.Backoff;
import io.evenkeel.config.LostConnectionRetries;
import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a {@link Supervisor} says to one gRPC channel: a list becomes address groups, a
 * service config is parsed, and nothing that the channel knows already is repeated.
 *
 * <p>A list that the channel refuses is offered again, with growing waits.
 *
 * <p>All state belongs to the channel's synchronization context.
 */
final class DiscoveryNameResolver extends NameResolver {
  /** Bound on the mean wait until a refused list is offered again. */
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

  private final Setting setting;
  private final Source source;
  private final SynchronizationContext syncContext;
  private final @Nullable ChannelLogger channelLogger;
  private final Backoff backoff =
      new Backoff(MAX_BACKOFF, () -> ThreadLocalRandom.current().nextDouble());

  private @Nullable Listener2 listener;
  private @Nullable Watch watch;
  private @Nullable EndpointSet current; // what the channel was offered last
  private @Nullable ScheduledHandle offerAgain; // while the channel has refused it
  private String traced = "";
  private boolean closed;

  /** What the channel knows of itself. */
  record Setting(String target, String authority, Args args) {}

  /** Begins to watch the target. */
  interface Source {
    Watch watch(Consumer<View> listener);
  }

  DiscoveryNameResolver(Setting setting, Source source) {
    this.setting = setting;
    this.source = source;
    this.syncContext = setting.args.getSynchronizationContext();
    this.channelLogger = loggerOf(setting.args);
  }

  @Override
  public String getServiceAuthority() {
    return setting.authority;
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    watch = source.watch(view -> syncContext.execute(() -> take(view)));
  }

  @Override
  public void refresh() {
    if (watch != null) {
      watch.refresh();
    }
  }

  @Override
  public void shutdown() {
    closed = true;
    forgetOffer();
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  private void take(View view) {
    if (closed) {
      return;
    }
    EndpointSet set = view.endpoints();
    if (set != null) {
      trace(view.problem());
      if (current == null || !current.meansTheSameAs(set)) {
        current = set;
        backoff.reset();
        offer(set);
      }
    } else if (view.failure() != null) {
      fail(view.failure());
    }
  }

  private void offer(EndpointSet set) {
    forgetOffer();
    List<EquivalentAddressGroup> groups =
        set.endpoints().stream().map(endpoint -> group(endpoint, set.authority())).toList();
    Attributes attributes = attributes().build();
    ResolutionResult.Builder result =
        ResolutionResult.newBuilder()
            .setAddressesOrError(StatusOr.fromValue(groups))
            .setAttributes(attributes);
    if (set.serviceConfig() != null) {
      ServiceConfigParser parser = setting.args.getServiceConfigParser();
      result.setServiceConfig(
          parser.parseServiceConfig(LostConnectionRetries.addTo(set.serviceConfig())));
    }
    if (!tell(result.build()).isOk() && !closed) {
      offerAgain =
          syncContext.schedule(
              () -> offer(set), backoff.nextNanos(), TimeUnit.NANOSECONDS, scheduler());
      refresh();
    }
  }

  /** There is no list. One that the channel has is given up first: an error alone would keep it. */
  private void fail(Status failure) {
    forgetOffer();
    if (current != null) {
      current = null;
      Attributes expired = attributes().set(DiscoveryStatus.EXPIRED, failure).build();
      Status unused =
          tell(
              ResolutionResult.newBuilder()
                  .setAddressesOrError(StatusOr.fromValue(List.of()))
                  .setAttributes(expired)
                  .build());
    }
    trace(String.valueOf(failure.getDescription()));
    Status unused =
        tell(
            ResolutionResult.newBuilder()
                .setAddressesOrError(StatusOr.fromStatus(failure))
                .build());
  }

  private Status tell(ResolutionResult result) {
    return listener == null ? Status.OK : listener.onResult2(result);
  }

  private Attributes.Builder attributes() {
    Attributes.Builder attributes = Attributes.newBuilder();
    return watch == null ? attributes : attributes.set(DiscoveryStatus.KEY, watch.status());
  }

  private void forgetOffer() {
    if (offerAgain != null) {
      offerAgain.cancel();
      offerAgain = null;
    }
  }

  /**
   * An endpoint that must prove its own name gets it as override, unless it is the channel's name
   * anyway, or the user chose one name for all.
   */
  private EquivalentAddressGroup group(Endpoint endpoint, Authority mode) {
    EquivalentAddressGroup group = endpoint.toAddressGroup();
    if (mode == Authority.SERVICE
        || setting.args.getOverrideAuthority() != null
        || !(endpoint.addresses().get(0) instanceof InetSocketAddress address)) {
      return group;
    }
    String own = HostPort.format(address);
    if (own.equals(setting.authority)) {
      return group;
    }
    return new EquivalentAddressGroup(
        group.getAddresses(),
        group.getAttributes().toBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, own)
            .build());
  }

  private void trace(String problem) {
    if (problem.equals(traced)) {
      return;
    }
    traced = problem;
    if (channelLogger != null && !problem.isEmpty()) {
      String prefix = "target \"" + setting.target + "\": ";
      channelLogger.log(
          ChannelLogLevel.WARNING, problem.startsWith(prefix) ? problem : prefix + problem);
    }
  }

  private ScheduledExecutorService scheduler() {
    return setting.args.getScheduledExecutorService();
  }

  /** Null outside a channel: gRPC throws where {@code args} were built without a logger. */
  private static @Nullable ChannelLogger loggerOf(Args args) {
    try {
      return args.getChannelLogger();
    } catch (IllegalStateException notSet) {
      return null;
    }
  }
}
