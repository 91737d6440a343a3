package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.registration.RegistrationRules;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps instances in a directory registry.
 *
 * <p>One daemon thread renews all registrations, three times per TTL; it exists from the first
 * registration to {@link #close}. Every half a minute it also removes what dead processes left in
 * the directories it registers in: instance files that were not touched for ten times their TTL and
 * a minute at least, and temporary files after a minute. With the default TTL, such a file is gone
 * within two minutes.
 *
 * <p>An id that another live process holds is taken over: the last to register wins, and the other
 * registrar stands by until the file is gone.
 *
 * <p>Each call ends when the file system answers. Thread-safe.
 */
final class FileRegistrar implements Registrar {
  private static final Logger log = System.getLogger(FileRegistrar.class.getName());

  /** Two heartbeats may be late or lost before a lease ends. */
  private static final int BEATS_PER_TTL = 3;

  private static final int GARBAGE_TTLS = 10;
  private static final Duration GARBAGE_AT_LEAST = Duration.ofMinutes(1);
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(30);

  /** Bound on the wait for the heartbeat thread in {@link #close}. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Path base;
  private final Duration ttl;
  private final LongSupplier ticker;
  private final InstantSource wallClock;
  private final String owner = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
  private final Map<Path, FileRegistration> registrations = new ConcurrentHashMap<>();
  private final Map<String, ServiceDirectory> views = new HashMap<>(); // guarded by itself
  private @Nullable ScheduledThreadPoolExecutor heart; // guarded by this
  private boolean closed; // guarded by this
  private long lastSweepNanos; // heartbeat thread only

  FileRegistrar(Path base, Duration ttl, LongSupplier ticker, InstantSource wallClock) {
    this.base = base;
    this.ttl = ttl;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.lastSweepNanos = ticker.getAsLong();
  }

  @Override
  public void check(String service, Endpoint endpoint) {
    RegistrationRules.checkService(service);
    RegistrationRules.checkEndpoint(endpoint, Reach.MACHINE);
  }

  @Override
  public Registration register(String service, Endpoint endpoint) throws RegistrationException {
    check(service, endpoint);
    Path file = base.resolve(service).resolve(InstanceNames.fileName(endpoint.id()));
    return register(file, new FileRegistration(this, file, endpoint));
  }

  private synchronized Registration register(Path file, FileRegistration registration)
      throws RegistrationException {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
    startHeart();
    FileRegistration before = registrations.get(file);
    if (before == null) {
      registration.write();
    } else {
      before.replaceWith(registration);
    }
    registrations.put(file, registration);
    return registration;
  }

  @Override
  public boolean deregister(String service, String id) throws RegistrationException {
    RegistrationRules.checkService(service);
    RegistrationRules.checkId(id);
    Path file = base.resolve(service).resolve(InstanceNames.fileName(id));
    FileRegistration own = registrations.get(file);
    try {
      boolean live = instances(service).stream().anyMatch(each -> each.id().equals(id));
      if (own != null) {
        own.close();
      } else if (live) {
        // Deleted, its owner would only write it again.
        AtomicFile.write(file, InstanceFile.deregistered().toBytes());
      } else {
        Files.deleteIfExists(file);
      }
      return live;
    } catch (IOException e) {
      throw failure("instance \"" + id + "\" of service \"" + service + "\" was not removed", e);
    }
  }

  @Override
  public List<String> services() throws RegistrationException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(base, Files::isDirectory)) {
      directories.forEach(each -> names.add(each.getFileName().toString()));
    } catch (NoSuchFileException nobodyRegisteredYet) {
      return List.of();
    } catch (DirectoryIteratorException | IOException e) {
      throw failure("services cannot be listed", e);
    }
    List<String> live = new ArrayList<>();
    for (String name : names) {
      if (!name.startsWith(".") && !look(name).isEmpty()) {
        live.add(name);
      }
    }
    live.sort(Comparator.naturalOrder());
    return live;
  }

  @Override
  public List<Endpoint> instances(String service) throws RegistrationException {
    return look(RegistrationRules.checkService(service));
  }

  private List<Endpoint> look(String service) throws RegistrationException {
    synchronized (views) {
      ServiceDirectory view = view(service);
      try {
        view.look();
      } catch (NoSuchFileException | NotDirectoryException unknownService) {
        views.remove(service);
        return List.of();
      } catch (IOException e) {
        throw failure("instances of service \"" + service + "\" cannot be listed", e);
      }
      return view.live().stream().sorted(Comparator.comparing(Endpoint::id)).toList();
    }
  }

  private ServiceDirectory view(String service) {
    return views.computeIfAbsent(
        service, name -> new ServiceDirectory(base.resolve(name), ticker, wallClock));
  }

  @Override
  public void close() {
    ScheduledThreadPoolExecutor running;
    synchronized (this) {
      closed = true;
      running = heart;
      heart = null;
    }
    if (running != null) {
      running.shutdown();
    }
    List.copyOf(registrations.values()).forEach(FileRegistration::close);
    if (running != null) {
      await(running);
    }
  }

  private void await(ScheduledThreadPoolExecutor running) {
    try {
      if (!running.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.log(
            Level.WARNING, this + ": the file system kept the heartbeat for over " + CLOSE_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startHeart() {
    if (heart != null) {
      return;
    }
    ScheduledThreadPoolExecutor started =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "evenkeel-file-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    started.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    started.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    long interval = ttl.toNanos() / BEATS_PER_TTL;
    // A pause of the process must not be followed by a burst of beats, so no fixed rate.
    Object unused =
        started.scheduleWithFixedDelay(this::beat, interval, interval, TimeUnit.NANOSECONDS);
    heart = started;
  }

  /** Renews every registration, and sweeps now and then. Never throws: that would end the timer. */
  void beat() {
    try {
      registrations.values().forEach(FileRegistration::renew);
      if (ticker.getAsLong() - lastSweepNanos >= SWEEP_INTERVAL.toNanos()) {
        lastSweepNanos = ticker.getAsLong();
        registrations.keySet().stream().map(Path::getParent).distinct().forEach(this::sweep);
      }
    } catch (RuntimeException | Error e) {
      log.log(Level.ERROR, this + ": a heartbeat failed; the next one tries again", e);
    }
  }

  private void sweep(Path directory) {
    synchronized (views) {
      ServiceDirectory view = view(directory.getFileName().toString());
      try {
        view.look();
        for (Path file : view.garbage(GARBAGE_TTLS, GARBAGE_AT_LEAST)) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        log.log(Level.DEBUG, "what dead processes left in " + directory + " stays for now", e);
      }
    }
  }

  void forget(FileRegistration registration, Path file) {
    registrations.remove(file, registration);
  }

  InstanceFile contentOf(Endpoint endpoint) {
    return InstanceFile.of(endpoint, ttl, owner);
  }

  InstantSource wallClock() {
    return wallClock;
  }

  RegistrationException failure(String what, Exception e) {
    return new RegistrationException(this + ": " + what + ": " + IoReason.of(e), e);
  }

  @Override
  public String toString() {
    return "registry \"file://" + base + "\"";
  }
}
