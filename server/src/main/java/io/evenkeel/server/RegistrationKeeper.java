package io.evenkeel.server;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one server in one registry: registers it, tries again until that works, deregisters it.
 *
 * <p>A thread of its own does all three, so a registry that hangs holds up nobody, and a
 * deregistration never overtakes its registration. The thread is never interrupted: a registrar's
 * write must not end half done.
 */
final class RegistrationKeeper {
  private static final System.Logger log = System.getLogger(RegistrationKeeper.class.getName());

  private final RegistryTarget registry;
  private final String service;
  private final Endpoint endpoint;
  private final RetryDelays delays;
  private final CountDownLatch leaving = new CountDownLatch(1);
  private final CountDownLatch firstAttempt = new CountDownLatch(1);
  private final CompletableFuture<Void> registered = new CompletableFuture<>();
  private final Thread thread;
  private volatile String lastError = "not tried yet";

  RegistrationKeeper(
      RegistryTarget registry, String service, Endpoint endpoint, RetryDelays delays) {
    this.registry = registry;
    this.service = service;
    this.endpoint = endpoint;
    this.delays = delays;
    this.thread = new Thread(this::run, "evenkeel-registration-" + service);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Done once the registry has taken the server; cancelled if it never did. */
  CompletableFuture<Void> registered() {
    return registered.copy();
  }

  boolean isRegistered() {
    return registered.isDone() && !registered.isCancelled();
  }

  /** Why the registry does not know the server; empty when it does. */
  Optional<String> problem() {
    return isRegistered()
        ? Optional.empty()
        : Optional.of("registry " + registry.name() + ": not registered: " + lastError);
  }

  /** Waits for the outcome of the first attempt, at most {@code nanos}. */
  void awaitFirstAttempt(long nanos) throws InterruptedException {
    if (!firstAttempt.await(nanos, TimeUnit.NANOSECONDS)) {
      lastError = "no answer within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }
  }

  /** Asks the thread to deregister and end. Safe to call twice. */
  void leave() {
    leaving.countDown();
  }

  /** Waits until the thread has done so; false if it has not within {@code nanos}. */
  boolean awaitLeft(long nanos) throws InterruptedException {
    // Zero would mean forever.
    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    return !thread.isAlive();
  }

  private void run() {
    try {
      Registration registration = registerOrLeave();
      if (registration != null) {
        leaving.await();
        registration.close();
      }
    } catch (InterruptedException | RuntimeException e) {
      log.log(System.Logger.Level.WARNING, "registry " + registry.name() + ": deregistering", e);
    } finally {
      registered.cancel(false);
      registry.release();
    }
  }

  private @Nullable Registration registerOrLeave() throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Registration registration = tryRegister(attempt);
      firstAttempt.countDown();
      if (registration != null) {
        return registration;
      }
      if (leaving.await(delays.nanosAfter(attempt), TimeUnit.NANOSECONDS)) {
        return null;
      }
    }
  }

  private @Nullable Registration tryRegister(int attempt) {
    try {
      Registration registration = registry.registrar().register(service, endpoint);
      registered.complete(null);
      log.log(
          System.Logger.Level.INFO,
          "{0} {1}: registered in {2} after {3} attempt(s)",
          service,
          endpoint.displayAddress(),
          registry.name(),
          attempt);
      return registration;
    } catch (RegistrationException | RuntimeException | Error e) {
      boolean expected = e instanceof RegistrationException;
      lastError = (expected ? e.getMessage() : e) + " (attempt " + attempt + ")";
      // The first failure is news; the rest is the same news.
      System.Logger.Level level =
          attempt == 1 ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
      log.log(level, service + ": " + problem().orElse("") + ", trying again", expected ? null : e);
      return null;
    }
  }
}
