package io.evenkeel.testkit;

import com.google.common.util.concurrent.Uninterruptibles;
import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.grpc.ChannelLogger;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A target that is resolved as a channel would, by real threads in real time, with a record of
 * every result. Thread-safe.
 */
public final class WatchedTarget implements AutoCloseable {
  private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final ExecutorService offload = Executors.newCachedThreadPool();
  private final SynchronizationContext syncContext =
      new SynchronizationContext((thread, e) -> results.add(new Result(List.of(), null, e)));
  private final NameResolver resolver;
  private volatile @Nullable DiscoveryStatus status;

  /**
   * What the channel was told.
   *
   * @param endpoints empty if {@code failure} is set
   * @param serviceConfig as the registry had it, or null
   * @param failure what calls would fail with, or null
   */
  public record Result(
      List<Endpoint> endpoints, @Nullable Object serviceConfig, @Nullable Throwable failure) {

    /** Ids of the endpoints, in order. */
    public List<String> ids() {
      return endpoints.stream().map(Endpoint::id).toList();
    }
  }

  /** Starts to resolve {@code target}. */
  public WatchedTarget(NameResolverProvider provider, URI target) {
    // Else a cancelled timer would look like one that was left over.
    scheduler.setRemoveOnCancelPolicy(true);
    this.resolver = provider.newNameResolver(target, args());
    syncContext.execute(() -> resolver.start(new Recorder()));
  }

  /** The next result; fails if there is none within {@code bound}. */
  public Result next(Duration bound) throws InterruptedException {
    Result result = results.poll(bound.toNanos(), TimeUnit.NANOSECONDS);
    if (result == null) {
      throw new AssertionError("no result within " + bound);
    }
    return result;
  }

  /** The next result that is as wanted; fails with the last one seen if none is in time. */
  public Result await(Duration bound, Predicate<Result> wanted) throws InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    Result last = null;
    while (true) {
      long left = end - System.nanoTime();
      Result result = results.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
      if (result == null) {
        throw new AssertionError("not within " + bound + "; last result: " + last);
      }
      if (wanted.test(result)) {
        return result;
      }
      last = result;
    }
  }

  /** Whether every result so far was taken. */
  public boolean isQuiet() {
    return results.isEmpty();
  }

  /**
   * How the discovery stands that the last list came from.
   *
   * @throws IllegalStateException before the first list
   */
  public DiscoveryStatus status() {
    DiscoveryStatus seen = status;
    if (seen == null) {
      throw new IllegalStateException("no list yet");
    }
    return seen;
  }

  /** Asks the resolver to look again, as a channel does when it loses a connection. */
  public void refresh() {
    syncContext.execute(resolver::refresh);
  }

  @Override
  public void close() {
    CountDownLatch done = new CountDownLatch(1);
    syncContext.execute(
        () -> {
          resolver.shutdown();
          done.countDown();
        });
    Uninterruptibles.awaitUninterruptibly(done);
    // Orderly: what the resolver still has to tidy up runs to its end.
    offload.shutdown();
    scheduler.shutdown();
    if (!Uninterruptibles.awaitTerminationUninterruptibly(offload, 5, TimeUnit.SECONDS)
        || !Uninterruptibles.awaitTerminationUninterruptibly(scheduler, 5, TimeUnit.SECONDS)) {
      throw new AssertionError("the resolver kept a task or a timer after it was shut down");
    }
  }

  private NameResolver.Args args() {
    return NameResolver.Args.newBuilder()
        .setDefaultPort(443)
        .setProxyDetector(address -> null)
        .setSynchronizationContext(syncContext)
        .setScheduledExecutorService(scheduler)
        .setOffloadExecutor(offload)
        .setChannelLogger(new SilentLogger())
        .setServiceConfigParser(
            new NameResolver.ServiceConfigParser() {
              @Override
              public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> raw) {
                return NameResolver.ConfigOrError.fromConfig(raw);
              }
            })
        .build();
  }

  private final class Recorder extends NameResolver.Listener2 {
    @Override
    public Status onResult2(NameResolver.ResolutionResult result) {
      if (!result.getAddressesOrError().hasValue()) {
        onError(result.getAddressesOrError().getStatus());
        return Status.UNAVAILABLE;
      }
      status = result.getAttributes().get(DiscoveryStatus.KEY);
      NameResolver.ConfigOrError config = result.getServiceConfig();
      results.add(
          new Result(
              result.getAddressesOrError().getValue().stream().map(Endpoint::of).toList(),
              config == null ? null : config.getConfig(),
              null));
      return Status.OK;
    }

    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      syncContext.execute(() -> onResult2(result));
    }

    @Override
    public void onError(Status error) {
      results.add(new Result(List.of(), null, error.asException()));
    }
  }

  private static final class SilentLogger extends ChannelLogger {
    @Override
    public void log(ChannelLogLevel level, String message) {}

    @Override
    public void log(ChannelLogLevel level, String template, Object... args) {}
  }
}
