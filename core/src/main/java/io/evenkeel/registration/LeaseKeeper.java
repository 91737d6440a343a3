package io.evenkeel.registration;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps instances in a registry of leases, whatever happens to leases, connections and the
 * registry: the part of a {@link Registrar} that is the same for all of them.
 *
 * <ul>
 *   <li>Each instance has a lease of its own, renewed three times per TTL. Every renewal is a
 *       question with an answer, so a connection that has died silently is noticed by the next.
 *   <li>A lease that is lost is replaced and the <em>latest</em> value written again, read back and
 *       compared. Once per TTL the entry is looked at in any case, and mended.
 *   <li>What fails is tried again after 1 s, growing by 1.6 to a third of the TTL, give or take 20
 *       %, without end.
 *   <li>An id that another process holds is left to it until it is free.
 * </ul>
 *
 * <p>One daemon thread does all of this, one step after the other; it exists from the first
 * registration to {@link #close}. Callers wait for it, but for {@link #ANSWER_BOUND} at most.
 * Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {
  /** Bound on the wait for the registry in each call. */
  public static final Duration ANSWER_BOUND = Duration.ofSeconds(5);

  private static final Logger log = System.getLogger(LeaseKeeper.class.getName());

  private final LeaseStore store;
  private final Reach reach;
  private final Timing timing;
  private final Map<Key, KeptRegistration> registrations =
      new ConcurrentHashMap<>(); // changed by the loop only
  private @Nullable ScheduledExecutorService loop; // guarded by this
  private boolean closed; // guarded by this

  /**
   * Keeps instances in {@code store}; begins nothing yet.
   *
   * @param reach who can look them up, and so which addresses are taken
   * @param threadName of its thread
   */
  public LeaseKeeper(LeaseStore store, Reach reach, String threadName) {
    this(store, reach, Timing.system(threadName));
  }

  LeaseKeeper(LeaseStore store, Reach reach, Timing timing) {
    this.store = store;
    this.reach = reach;
    this.timing = timing;
  }

  /**
   * Time and chance.
   *
   * @param loops makes the executor of the one thread, which the keeper shuts down
   * @param ticker nanoseconds of a clock that only runs forward
   * @param random uniform over 0 (inclusive) to 1 (exclusive)
   * @param answerBound how long callers wait
   */
  record Timing(
      Supplier<ScheduledExecutorService> loops,
      LongSupplier ticker,
      DoubleSupplier random,
      Duration answerBound) {

    static Timing system(String threadName) {
      return new Timing(
          () -> newLoop(threadName),
          System::nanoTime,
          () -> ThreadLocalRandom.current().nextDouble(),
          ANSWER_BOUND);
    }

    private static ScheduledExecutorService newLoop(String threadName) {
      ScheduledThreadPoolExecutor loop =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, threadName);
                thread.setDaemon(true);
                return thread;
              });
      loop.setRemoveOnCancelPolicy(true);
      return loop;
    }
  }

  private record Key(String service, String id) {}

  /** See {@link Registrar#check}. */
  public void check(String service, Endpoint endpoint) {
    RegistrationRules.checkService(service);
    RegistrationRules.checkEndpoint(endpoint, reach);
  }

  /**
   * See {@link Registrar#register}.
   *
   * @throws RegistrationException if the registry did not take it within {@link #ANSWER_BOUND}; it
   *     is then not tried again, and what may have been written ends with its lease
   */
  public Registration register(String service, Endpoint endpoint) throws RegistrationException {
    check(service, endpoint);
    KeptRegistration registration = new KeptRegistration(this, service, endpoint);
    Future<?> claimed = submit(() -> claim(registration));
    try {
      await(claimed, registration);
    } catch (RegistrationException e) {
      registration.withdraw();
      throw e;
    }
    return registration;
  }

  private @Nullable Void claim(KeptRegistration registration) throws RegistrationException {
    registration.claim();
    KeptRegistration before =
        registrations.put(
            new Key(registration.service(), registration.endpoint().id()), registration);
    return before == null ? null : before.releaseOrLog();
  }

  /**
   * Ends the registration of {@code id} that this keeper has, if any.
   *
   * @return whether there was one
   * @throws RegistrationException if the registry did not confirm it in time; it is not renewed any
   *     more
   */
  public boolean deregister(String service, String id) throws RegistrationException {
    KeptRegistration registration = registrations.get(new Key(service, id));
    if (registration == null) {
      return false;
    }
    registration.leave();
    return true;
  }

  /**
   * Deregisters all instances, for {@link #ANSWER_BOUND} at most, and ends the thread. What the
   * registry has not confirmed by then ends with its lease. Safe to call twice.
   */
  @Override
  public void close() {
    ScheduledExecutorService running;
    Future<?> left;
    synchronized (this) {
      closed = true;
      if (loop == null) {
        return;
      }
      running = loop;
      loop = null;
      // In the loop, because registrations that are under way come first.
      left = running.submit(this::releaseAll);
    }
    try {
      await(left, store);
    } catch (RegistrationException e) {
      log.log(Level.WARNING, store + " is left without its answer: " + e.getMessage());
    }
    // Interrupts what still waits for the registry: nobody reads the answer.
    running.shutdownNow();
  }

  private void releaseAll() {
    List.copyOf(registrations.values()).forEach(KeptRegistration::releaseOrLog);
  }

  /** Runs {@code task} in the loop, unless this is closed and has released everything. */
  synchronized <T extends @Nullable Object> @Nullable Future<T> submitIfOpen(Callable<T> task) {
    return closed ? null : submit(task);
  }

  /** Runs {@code task} in the loop. */
  synchronized <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    if (closed) {
      throw new IllegalStateException(store + " is closed");
    }
    if (loop == null) {
      loop = timing.loops().get();
    }
    return loop.submit(task);
  }

  /** Runs {@code task} in the loop later; not at all once this is closed. */
  synchronized @Nullable Future<?> schedule(Runnable task, long delayNanos) {
    return closed || loop == null ? null : loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  /** Waits for what {@link #submit} promised; {@code subject} is what the message is about. */
  <T extends @Nullable Object> T await(Future<T> answer, Object subject)
      throws RegistrationException {
    try {
      return answer.get(timing.answerBound().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RegistrationException(
          subject + ": no answer within " + timing.answerBound().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RegistrationException failure) {
        throw failure;
      }
      throw new RegistrationException(subject + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistrationException(subject + ": interrupted while waiting for the answer", e);
    }
  }

  void forget(KeptRegistration registration) {
    registrations.remove(
        new Key(registration.service(), registration.endpoint().id()), registration);
  }

  LeaseStore store() {
    return store;
  }

  Timing timing() {
    return timing;
  }
}
