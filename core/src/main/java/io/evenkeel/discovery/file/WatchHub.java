package io.evenkeel.discovery.file;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shares one {@link WatchService} and one thread among all who watch directories, because a user of
 * the system may have few of the former (128 on many Linux machines). Both exist only while
 * somebody watches.
 *
 * <p>A watch that cannot be had is no error: the caller polls anyway. Thread-safe.
 */
final class WatchHub {
  /** One for the process. */
  static final WatchHub SHARED = new WatchHub(() -> FileSystems.getDefault().newWatchService());

  private static final Logger log = System.getLogger(WatchHub.class.getName());

  private final ServiceFactory factory;
  private final Map<WatchKey, List<Watch>> watches = new HashMap<>(); // guarded by this
  private @Nullable WatchService service; // guarded by this

  /** Opens what the system watches files with. */
  interface ServiceFactory {
    WatchService open() throws IOException;
  }

  /** What changed in a directory. */
  interface Listener {

    /**
     * A file of the directory came, went or changed, or the directory itself went.
     *
     * @param kind one of {@link java.nio.file.StandardWatchEventKinds}
     * @param name of the file; empty where the system lost track, or the directory is gone
     */
    void onChange(WatchEvent.Kind<?> kind, String name);
  }

  WatchHub(ServiceFactory factory) {
    this.factory = factory;
  }

  /**
   * Watches the files of {@code directory} until the watch is closed. {@code listener} is called on
   * the hub's thread and must not block.
   *
   * @return null where the system grants no watch
   */
  synchronized @Nullable Watch watch(Path directory, Listener listener) {
    try {
      WatchService open = service == null ? start() : service;
      WatchKey key = directory.register(open, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
      Watch watch = new Watch(key, listener);
      watches.computeIfAbsent(key, k -> new ArrayList<>()).add(watch);
      return watch;
    } catch (IOException e) {
      log.log(Level.DEBUG, "directory " + directory + " is polled, not watched", e);
      stopIfUnused();
      return null;
    }
  }

  private WatchService start() throws IOException {
    WatchService opened = factory.open();
    service = opened;
    Thread thread = new Thread(() -> run(opened), "evenkeel-file-watch");
    thread.setDaemon(true);
    thread.start();
    return opened;
  }

  private void run(WatchService opened) {
    try {
      while (true) {
        WatchKey key = opened.take();
        List<WatchEvent<?>> events = key.pollEvents();
        dispatch(key, events, key.reset());
      }
    } catch (ClosedWatchServiceException nobodyWatches) {
      log.log(Level.DEBUG, "the last file watch is closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch(WatchKey key, List<WatchEvent<?>> events, boolean valid) {
    List<Watch> listening = listening(key, valid);
    for (WatchEvent<?> event : events) {
      boolean lost = event.kind() == OVERFLOW;
      String name = lost ? "" : String.valueOf(event.context());
      listening.forEach(watch -> watch.tell(event.kind(), name));
    }
    if (!valid) {
      listening.forEach(Watch::end);
    }
  }

  private synchronized List<Watch> listening(WatchKey key, boolean valid) {
    List<Watch> known = valid ? watches.get(key) : watches.remove(key);
    return known == null ? List.of() : List.copyOf(known);
  }

  private synchronized void remove(Watch watch) {
    List<Watch> left = watches.get(watch.key);
    if (left != null && left.remove(watch) && left.isEmpty()) {
      watches.remove(watch.key);
      watch.key.cancel();
    }
    stopIfUnused();
  }

  private void stopIfUnused() {
    if (service == null || !watches.isEmpty()) {
      return;
    }
    try {
      service.close();
    } catch (IOException e) {
      log.log(Level.WARNING, "the file watch did not close", e);
    }
    service = null;
  }

  /** One listener's interest in one directory. */
  final class Watch implements AutoCloseable {
    private final WatchKey key;
    private final Listener listener;
    private volatile boolean over;

    private Watch(WatchKey key, Listener listener) {
      this.key = key;
      this.listener = listener;
    }

    /** False once the directory itself is gone: what has its name now is another one. */
    boolean isValid() {
      return !over;
    }

    private void tell(WatchEvent.Kind<?> kind, String name) {
      if (over) {
        return;
      }
      try {
        listener.onChange(kind, name);
      } catch (RuntimeException e) {
        log.log(Level.WARNING, "a file watch could not pass a change on; polling sees it", e);
      }
    }

    private void end() {
      tell(OVERFLOW, "");
      over = true;
    }

    @Override
    public void close() {
      over = true;
      remove(this);
    }
  }
}
