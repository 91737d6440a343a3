package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A name resolver under scripted time, with a channel that records what it is told. */
final class ResolverHarness {
  final FakeClock clock = new FakeClock();
  final List<String> logged = new ArrayList<>();
  final Channel channel = new Channel();
  final ScriptedDiscovery discovery = new ScriptedDiscovery();
  final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, e) -> {
            throw new AssertionError(e);
          });
  private NameResolver.@Nullable Args args;

  /** Starts a resolver over {@link #discovery}. */
  NameResolver start() {
    ScriptedProvider provider = new ScriptedProvider(() -> discovery);
    provider.supervision = Supervision.SELF_POLLING;
    NameResolver resolver =
        provider.newNameResolver(
            URI.create("test:///orders?debounce=0ms&maxDrop=100%25"),
            args(),
            new Supervisors(context()));
    syncContext.execute(() -> resolver.start(channel));
    return resolver;
  }

  void refresh(NameResolver resolver) {
    syncContext.execute(resolver::refresh);
  }

  void shutdown(NameResolver resolver) {
    syncContext.execute(resolver::shutdown);
  }

  DiscoveryContext context() {
    return new DiscoveryContext(Runnable::run, clock, clock, () -> 0.5);
  }

  /** Before {@link #start}: the channel overrides the authority. */
  void overrideAuthority(String authority) {
    args = args().toBuilder().setOverrideAuthority(authority).build();
  }

  NameResolver.Args args() {
    if (args != null) {
      return args;
    }
    return NameResolver.Args.newBuilder()
        .setDefaultPort(443)
        .setProxyDetector(
            address -> {
              throw new AssertionError("nobody asks for a proxy");
            })
        .setSynchronizationContext(syncContext)
        .setScheduledExecutorService(clock)
        .setOffloadExecutor(Runnable::run)
        .setChannelLogger(new RecordingLogger())
        .setServiceConfigParser(
            new NameResolver.ServiceConfigParser() {
              @Override
              public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> raw) {
                return NameResolver.ConfigOrError.fromConfig(raw);
              }
            })
        .build();
  }

  static EndpointSet setOf(int... ports) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int port : ports) {
      endpoints.add(Endpoint.of(HostPort.parse("127.0.0.1:" + port)));
    }
    return EndpointSet.of(endpoints);
  }

  /** The scheme {@code test}, opened as a test says. */
  static final class ScriptedProvider extends DiscoveryProvider {
    private final Supplier<Discovery> opened;
    Supervision supervision = Supervision.DEFAULT;

    ScriptedProvider(Supplier<Discovery> opened) {
      super("test");
      this.opened = opened;
    }

    @Override
    protected Discovery open(URI target, DiscoveryContext context) {
      return opened.get();
    }

    @Override
    protected Supervision supervision() {
      return supervision;
    }
  }

  /** A discovery that says what a test tells it to. */
  static final class ScriptedDiscovery implements Discovery {
    @Nullable DiscoveryListener listener;
    int questions;
    int closes;
    @Nullable RuntimeException failure;
    @Nullable EndpointSet answer;

    @Override
    public void start(DiscoveryListener listener) {
      this.listener = listener;
      refresh();
    }

    @Override
    public void refresh() {
      questions++;
      if (failure != null) {
        throw failure;
      }
      if (answer != null) {
        say(answer);
      }
    }

    void say(EndpointSet set) {
      listener.onEndpoints(set);
    }

    void fail(String why) {
      listener.onError(Status.UNAVAILABLE.withDescription(why));
    }

    void refuse(String why, Duration rest) {
      listener.onError(Status.UNAVAILABLE.withDescription(why), rest);
    }

    @Override
    public void close() {
      closes++;
    }
  }

  /** What the channel was told. */
  static final class Channel extends NameResolver.Listener2 {
    final List<List<Endpoint>> lists = new ArrayList<>();
    final List<EquivalentAddressGroup> groups = new ArrayList<>();
    final List<Status> errors = new ArrayList<>();
    final List<NameResolver.@Nullable ConfigOrError> configs = new ArrayList<>();
    Attributes attributes = Attributes.EMPTY;
    Status verdict = Status.OK;

    @Override
    public Status onResult2(NameResolver.ResolutionResult result) {
      configs.add(result.getServiceConfig());
      attributes = result.getAttributes();
      if (!result.getAddressesOrError().hasValue()) {
        errors.add(result.getAddressesOrError().getStatus());
        return Status.UNAVAILABLE;
      }
      groups.clear();
      groups.addAll(result.getAddressesOrError().getValue());
      lists.add(groups.stream().map(Endpoint::of).toList());
      return verdict;
    }

    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      throw new AssertionError("onResult2 is what returns the verdict");
    }

    @Override
    public void onError(Status error) {
      throw new AssertionError("onResult2 takes errors too");
    }
  }

  private final class RecordingLogger extends ChannelLogger {
    @Override
    public void log(ChannelLogLevel level, String message) {
      logged.add(message);
    }

    @Override
    public void log(ChannelLogLevel level, String template, Object... args) {
      logged.add(template);
    }
  }
}
