package io.evenkeel.cli.discovery;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.evenkeel.Targets;
import io.evenkeel.cli.console.CommandException;
import io.grpc.ChannelLogger;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One target being resolved, by the same resolver that a channel to it would use.
 *
 * <p>Thread-safe; the listener is called by one thread at a time.
 */
final class Resolution implements AutoCloseable {
  private static final Logger LOGGER = Logger.getLogger(Resolution.class.getName());
  private static final Pattern HAS_SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");
  private static final int DEFAULT_PORT = 443;

  private final ScheduledExecutorService executor =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "evenkeel-resolver");
            thread.setDaemon(true);
            return thread;
          });
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, failure) -> LOGGER.log(Level.WARNING, "the resolver failed", failure));
  private final NameResolver resolver;

  /**
   * What a resolver says.
   *
   * @param serviceConfig as the registry has it, or null
   * @param status how the discovery stands; null where the resolver is not one of Evenkeel's
   */
  record Answer(
      List<Endpoint> endpoints, @Nullable Object serviceConfig, @Nullable DiscoveryStatus status) {}

  /** Hears what a resolver says. */
  interface Listener {
    void onAnswer(Answer answer);

    void onError(Status error);
  }

  private Resolution(String target) {
    this.resolver = resolverFor(target);
  }

  /** Resolves {@code target} until closed. */
  static Resolution start(String target, Listener listener) {
    Resolution resolution = new Resolution(target);
    resolution.syncContext.execute(() -> resolution.resolver.start(new Adapter(listener)));
    return resolution;
  }

  /** Asks again, where the resolver is not told of changes by itself. */
  void refresh() {
    syncContext.execute(resolver::refresh);
  }

  @Override
  public void close() {
    syncContext.execute(resolver::shutdown);
    executor.shutdownNow();
  }

  private NameResolver resolverFor(String target) {
    NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
    NameResolver.Factory factory = registry.asFactory();
    try {
      URI uri = uriOrNull(target);
      NameResolver found = uri == null ? null : factory.newNameResolver(uri, arguments());
      if (found == null && !HAS_SCHEME.matcher(target).matches()) {
        // "localhost:8080" means the default scheme, as it does for a channel.
        URI completed = new URI(factory.getDefaultScheme(), "", "/" + target, null);
        found = factory.newNameResolver(completed, arguments());
      }
      if (found != null) {
        return found;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      executor.shutdownNow();
      throw CommandException.target(target, e);
    }
    executor.shutdownNow();
    throw CommandException.unknownScheme(target);
  }

  private NameResolver.Args arguments() {
    return NameResolver.Args.newBuilder()
        .setDefaultPort(DEFAULT_PORT)
        .setProxyDetector(address -> null)
        .setSynchronizationContext(syncContext)
        .setScheduledExecutorService(executor)
        .setOffloadExecutor(executor)
        .setChannelLogger(new DebugLogger())
        .setServiceConfigParser(
            new NameResolver.ServiceConfigParser() {
              @Override
              public ConfigOrError parseServiceConfig(Map<String, ?> raw) {
                return ConfigOrError.fromConfig(raw);
              }
            })
        .build();
  }

  private static @Nullable URI uriOrNull(String target) {
    try {
      return new URI(Targets.escape(target));
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static final class Adapter extends NameResolver.Listener2 {
    private final Listener listener;

    Adapter(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      StatusOr<List<EquivalentAddressGroup>> groups = result.getAddressesOrError();
      if (!groups.hasValue()) {
        listener.onError(groups.getStatus());
        return;
      }
      ConfigOrError config = result.getServiceConfig();
      listener.onAnswer(
          new Answer(
              groups.getValue().stream().map(Endpoint::of).toList(),
              config == null ? null : config.getConfig(),
              result.getAttributes().get(DiscoveryStatus.KEY)));
    }

    @Override
    public void onError(Status error) {
      listener.onError(error);
    }
  }

  private static final class DebugLogger extends ChannelLogger {
    @Override
    public void log(ChannelLogLevel level, String message) {
      LOGGER.log(Level.FINE, message);
    }

    @Override
    public void log(ChannelLogLevel level, String format, Object... arguments) {
      LOGGER.log(Level.FINE, format, arguments);
    }
  }
}
