package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.grpc.ChannelLogger;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a {@link Discovery} sees to a gRPC channel, and keeps the channel from harm.
 *
 * <ul>
 *   <li>Bias for success: once the channel has a list, neither an error nor an empty list replaces
 *       it. It is logged, and the discovery is asked again.
 *   <li>A list that says nothing new does not reach the channel.
 *   <li>What was left out of a list is logged once, not with every list.
 *   <li>Every question to the discovery ends: an exception and 15 s of silence count as errors.
 * </ul>
 *
 * <p>All state belongs to the channel's synchronization context.
 */
final class DiscoveryNameResolver extends NameResolver {
  private static final Logger log = System.getLogger(DiscoveryNameResolver.class.getName());

  /** More problems than these are only counted, so that one bad list cannot flood a log. */
  private static final int PROBLEMS_SHOWN = 5;

  private final String target;
  private final String authority;
  private final Discovery discovery;
  private final SynchronizationContext syncContext;
  private final ServiceConfigParser configParser;
  private final @Nullable ChannelLogger channelLogger;
  private final @Nullable String overrideAuthority;
  private final RefreshPacer pacer;

  private @Nullable Listener2 listener;
  private @Nullable EndpointSet current;
  private boolean refused;
  private String reported = "";
  private boolean closed;

  /** What the channel knows of itself. */
  record Setting(String target, String authority, Args args, DiscoveryContext context) {}

  DiscoveryNameResolver(Setting setting, Discovery discovery) {
    this.target = setting.target;
    this.authority = setting.authority;
    this.discovery = discovery;
    this.syncContext = setting.args.getSynchronizationContext();
    this.configParser = setting.args.getServiceConfigParser();
    this.channelLogger = loggerOf(setting.args);
    this.overrideAuthority = setting.args.getOverrideAuthority();
    this.pacer =
        new RefreshPacer(
            syncContext, setting.context, () -> guarded(discovery::refresh), this::silent);
  }

  @Override
  public String getServiceAuthority() {
    return authority;
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    pacer.ask(() -> guarded(() -> discovery.start(new Inbox())));
  }

  @Override
  public void refresh() {
    if (!closed && listener != null) {
      pacer.request();
    }
  }

  @Override
  public void shutdown() {
    if (closed) {
      return;
    }
    closed = true;
    pacer.close();
    try {
      discovery.close();
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "target \"" + target + "\": discovery did not close", e);
    }
  }

  private void guarded(Runnable question) {
    try {
      question.run();
    } catch (RuntimeException e) {
      failed(Status.UNAVAILABLE.withDescription("discovery failed: " + e).withCause(e));
    }
  }

  private void silent() {
    failed(
        Status.UNAVAILABLE.withDescription(
            "discovery gave no answer within " + RefreshPacer.ANSWER_TIMEOUT.toSeconds() + " s"));
  }

  private void found(EndpointSet set) {
    if (closed) {
      return;
    }
    if (set.endpoints().isEmpty()) {
      failed(Status.UNAVAILABLE.withDescription("no endpoints" + colon(summary(set.problems()))));
      return;
    }
    report(summary(set.problems()));
    if (refused || !sameForChannel(current, set)) {
      current = set;
      refused = !offer(set).isOk();
    }
    if (refused || !set.complete()) {
      pacer.failed();
    } else {
      pacer.succeeded();
    }
  }

  private void failed(Status status) {
    if (closed) {
      return;
    }
    Status described = status.withDescription("target \"" + target + "\": " + orCode(status));
    if (current == null) {
      trace(String.valueOf(described.getDescription()));
      offer(StatusOr.fromStatus(described), null);
    } else {
      report(orCode(status) + " (keeping " + current.endpoints().size() + " known endpoints)");
    }
    pacer.failed();
  }

  private Status offer(EndpointSet set) {
    List<EquivalentAddressGroup> groups =
        set.endpoints().stream().map(endpoint -> group(endpoint, set.authority())).toList();
    return offer(StatusOr.fromValue(groups), set.serviceConfig());
  }

  private Status offer(
      StatusOr<List<EquivalentAddressGroup>> groups, @Nullable Map<String, ?> serviceConfig) {
    ResolutionResult.Builder result = ResolutionResult.newBuilder().setAddressesOrError(groups);
    if (serviceConfig != null) {
      result.setServiceConfig(configParser.parseServiceConfig(serviceConfig));
    }
    return listener == null ? Status.OK : listener.onResult2(result.build());
  }

  /**
   * An endpoint that must prove its own name gets it as override, unless it is the channel's name
   * anyway, or the user chose one name for all.
   */
  private EquivalentAddressGroup group(Endpoint endpoint, Authority mode) {
    EquivalentAddressGroup group = endpoint.toAddressGroup();
    if (mode == Authority.SERVICE
        || overrideAuthority != null
        || !(endpoint.addresses().get(0) instanceof InetSocketAddress address)) {
      return group;
    }
    String own = HostPort.format(address);
    if (own.equals(authority)) {
      return group;
    }
    return new EquivalentAddressGroup(
        group.getAddresses(),
        group.getAttributes().toBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, own)
            .build());
  }

  private void report(String problems) {
    if (problems.equals(reported)) {
      return;
    }
    reported = problems;
    if (!problems.isEmpty()) {
      String message = "target \"" + target + "\": " + problems;
      trace(message);
      log.log(Level.WARNING, message);
    }
  }

  private void trace(String message) {
    if (channelLogger != null) {
      channelLogger.log(ChannelLogLevel.WARNING, message);
    }
  }

  /** Null outside a channel: gRPC throws where {@code args} were built without a logger. */
  private static @Nullable ChannelLogger loggerOf(Args args) {
    try {
      return args.getChannelLogger();
    } catch (IllegalStateException notSet) {
      return null;
    }
  }

  private static boolean sameForChannel(@Nullable EndpointSet before, EndpointSet now) {
    return before != null
        && before.endpoints().equals(now.endpoints())
        && before.authority() == now.authority()
        && Objects.equals(before.serviceConfig(), now.serviceConfig());
  }

  private static String summary(List<String> problems) {
    String shown =
        String.join("; ", problems.subList(0, Math.min(PROBLEMS_SHOWN, problems.size())));
    int more = problems.size() - PROBLEMS_SHOWN;
    return more > 0 ? shown + "; and " + more + " more" : shown;
  }

  private static String colon(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }

  private static String orCode(Status status) {
    String description = status.getDescription();
    return description == null ? status.getCode().name() : description;
  }

  private final class Inbox implements DiscoveryListener {
    @Override
    public void onEndpoints(EndpointSet endpoints) {
      syncContext.execute(() -> found(endpoints));
    }

    @Override
    public void onError(Status status) {
      syncContext.execute(() -> failed(status));
    }
  }
}
