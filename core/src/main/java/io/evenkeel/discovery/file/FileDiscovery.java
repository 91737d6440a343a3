package io.evenkeel.discovery.file;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Watches a path that is a list file or a service directory, whichever stands there at the moment.
 *
 * <p>It looks when the system reports a change, every {@link #POLL_NANOS} in any case, and when the
 * next lease ends. Between two looks at a large directory it rests, so that a burst of changes does
 * not cost a processor.
 *
 * <p>State belongs to {@code serial}, whose tasks run on the offload executor.
 */
final class FileDiscovery implements Discovery {
  /** The net under the watch; how late a change is seen where there is no watch. */
  static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After a look as long a rest, up to this, before a reported change starts the next. */
  private static final long MAX_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Path path;
  private final DiscoveryContext context;
  private final WatchHub hub;
  private final SynchronizationContext serial;
  private final ListFile list;
  private final ServiceDirectory directory;
  private final AtomicBoolean changeQueued = new AtomicBoolean();
  private volatile boolean closed;

  private @Nullable DiscoveryListener listener;
  private @Nullable Object told; // an EndpointSet or the text of an error
  private @Nullable Future<?> timer;
  private long timerNanos;
  private long restUntilNanos;
  private WatchHub.@Nullable Watch watch;
  private @Nullable Object watchedKey;

  FileDiscovery(Path path, DiscoveryContext context, WatchHub hub) {
    this.path = path;
    this.context = context;
    this.hub = hub;
    this.serial = new SynchronizationContext(this::failed);
    this.list = new ListFile(path, InstantSource.system());
    this.directory = new ServiceDirectory(path, context.ticker(), InstantSource.system());
    this.restUntilNanos = context.ticker().getAsLong();
  }

  @Override
  public void start(DiscoveryListener listener) {
    offload(
        () -> {
          this.listener = listener;
          lookAndTell();
        });
  }

  @Override
  public void refresh() {
    offload(this::lookAndTell);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      offload(this::release);
    } catch (RejectedExecutionException channelIsGone) {
      serial.execute(this::release);
    }
  }

  private void offload(Runnable task) {
    context.offloadExecutor().execute(() -> serial.execute(task));
  }

  private void lookAndTell() {
    told = null;
    look();
  }

  private void look() {
    if (closed) {
      return;
    }
    long started = now();
    try {
      tell(seen());
    } finally {
      long ended = now();
      restUntilNanos = ended + Math.min(ended - started, MAX_REST_NANOS);
      cancelTimer();
      lookAt(ended + directory.nextEndNanos(POLL_NANOS));
    }
  }

  /** An {@link EndpointSet}, or the text of an error. */
  private Object seen() {
    try {
      return read();
    } catch (NoSuchFileException e) {
      // Where the watch is new, the file may have come before it.
      return watchParent() ? seen() : path + " does not exist (it is used as soon as it does)";
    } catch (IOException e) {
      return IoReason.of(e);
    }
  }

  /** Watches before it reads, so that no change falls between the two. */
  private EndpointSet read() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      moveWatch(path, attributes.fileKey());
      directory.look();
      return directory.endpoints();
    }
    watchParent();
    return list.read();
  }

  private void tell(Object seen) {
    if (listener == null || seen.equals(told)) {
      return;
    }
    told = seen;
    if (seen instanceof EndpointSet set) {
      listener.onEndpoints(set);
    } else {
      listener.onError(Status.UNAVAILABLE.withDescription(seen.toString()));
    }
  }

  /** Whether there is a watch now that was not there before. */
  private boolean watchParent() {
    Path parent = path.getParent();
    if (parent == null) {
      return false;
    }
    try {
      return moveWatch(parent, Files.readAttributes(parent, BasicFileAttributes.class).fileKey());
    } catch (IOException noParent) {
      unwatch();
      return false;
    }
  }

  /** Moves the watch to {@code target}; false where it is there already, or cannot be had. */
  private boolean moveWatch(Path target, @Nullable Object key) {
    if (watch != null && watch.isValid() && Objects.equals(watchedKey, key)) {
      return false;
    }
    unwatch();
    boolean instances = target.equals(path);
    watch = hub.watch(target, (kind, name) -> changed(instances, kind, name));
    watchedKey = key;
    return watch != null;
  }

  private void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  /** Runs on the hub's thread. */
  private void changed(boolean instances, WatchEvent.Kind<?> kind, String name) {
    boolean ours = name.isEmpty() || (instances ? concernsInstances(kind, name) : concernsUs(name));
    if (ours && !closed && changeQueued.compareAndSet(false, true)) {
      offload(this::lookAfterRest);
    }
  }

  /** Content arrives by rename, which is a creation; a modification is a heartbeat. */
  private static boolean concernsInstances(WatchEvent.Kind<?> kind, String name) {
    return kind != StandardWatchEventKinds.ENTRY_MODIFY && !name.startsWith(".");
  }

  /** A mounted Kubernetes ConfigMap changes by a swap of the link {@code ..data}. */
  private boolean concernsUs(String name) {
    return name.equals(String.valueOf(path.getFileName())) || name.equals("..data");
  }

  private void lookAfterRest() {
    changeQueued.set(false);
    if (restUntilNanos - now() <= 0) {
      look();
    } else {
      lookAt(restUntilNanos);
    }
  }

  /** The earlier of two wishes wins. */
  private void lookAt(long nanos) {
    if (closed || (timer != null && timerNanos - nanos <= 0)) {
      return;
    }
    cancelTimer();
    timerNanos = nanos;
    timer =
        context
            .scheduler()
            .schedule(() -> offload(this::look), Math.max(0, nanos - now()), TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void release() {
    cancelTimer();
    unwatch();
  }

  private void failed(Thread thread, Throwable e) {
    if (listener != null && !closed) {
      String description = "looking at " + path + " failed: " + e;
      listener.onError(Status.UNAVAILABLE.withDescription(description).withCause(e));
    }
  }

  private long now() {
    return context.ticker().getAsLong();
  }
}
