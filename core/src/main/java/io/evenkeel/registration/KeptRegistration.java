package io.evenkeel.registration;

import io.evenkeel.Endpoint;
import io.evenkeel.backoff.Backoff;
import io.evenkeel.registration.Lease.Claim;
import io.evenkeel.registration.Lease.Standing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One instance that a {@link LeaseKeeper} keeps: what it should say, and the lease it stands under.
 *
 * <p>An {@link #attempt} renews the lease, or gets a new one, and then compares the entry when that
 * is due; it may be repeated at any time. Whatever happens, the next attempt follows: after a third
 * of the TTL, or after a back-off.
 */
final class KeptRegistration implements Registration {
  private static final Logger log = System.getLogger(KeptRegistration.class.getName());

  /** Two renewals may be late or lost before a lease ends. */
  private static final int RENEWALS_PER_TTL = 3;

  /** Spreads the renewals of servers that were started together. */
  private static final double SPREAD = 0.1;

  private enum Phase {
    /** The registry has not taken it yet. */
    CLAIMING,
    /** Stands in the registry, as far as is known. */
    KEPT,
    /** Another process holds the id. */
    STANDING_BY,
    /** Closed, deregistered or withdrawn; for good. */
    ENDED
  }

  private final LeaseKeeper keeper;
  private final String service;
  private volatile Endpoint endpoint;
  private volatile Phase phase = Phase.CLAIMING; // written by the loop only
  private @Nullable Lease lease; // loop only
  private @Nullable Future<?> next; // loop only
  private boolean lookDue = true; // loop only
  private long lastLookNanos; // loop only
  private int failures; // loop only; in a row

  KeptRegistration(LeaseKeeper keeper, String service, Endpoint endpoint) {
    this.keeper = keeper;
    this.service = service;
    this.endpoint = endpoint;
  }

  String service() {
    return service;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Writes the entry for the first time, whoever holds the id. Loop only. */
  void claim() throws RegistrationException {
    try {
      attempt();
    } catch (RegistrationException | RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  @Override
  public void update(Endpoint endpoint) throws RegistrationException {
    keeper.check(service, endpoint);
    if (!endpoint.id().equals(this.endpoint.id())) {
      throw new IllegalArgumentException(
          "id \"" + endpoint.id() + "\" (expected: \"" + this.endpoint.id() + "\", as before)");
    }
    if (phase == Phase.ENDED) {
      throw hasEnded();
    }
    this.endpoint = endpoint;
    keeper.await(keeper.submit(this::writeLatest), this);
  }

  private @Nullable Void writeLatest() throws RegistrationException {
    if (phase == Phase.ENDED) {
      throw hasEnded();
    }
    lookDue = true;
    attempt();
    if (phase == Phase.STANDING_BY) {
      throw new RegistrationException(this + ": another process has registered this id");
    }
    return null;
  }

  private IllegalStateException hasEnded() {
    return new IllegalStateException(this + " has ended");
  }

  /** Renews, compares, and sees to it that another attempt follows. */
  private void attempt() throws RegistrationException {
    cancelNext();
    try {
      Lease held = renewed();
      if (phase != Phase.ENDED && lookDue()) {
        settle(held);
      }
      succeeded();
    } catch (RegistrationException | RuntimeException | Error e) {
      failed();
      throw e;
    }
  }

  /** The next attempt in the course of time: nobody waits for it. */
  private void beat() {
    if (phase == Phase.ENDED) {
      return;
    }
    try {
      attempt();
    } catch (RegistrationException e) {
      // The first failure is news; the rest is the same news.
      log.log(
          failures == 1 ? Level.WARNING : Level.DEBUG,
          this + " was not renewed, trying again: " + reason(e));
    } catch (RuntimeException | Error fault) {
      // No fault of the registry's; whatever it is, it must not let the instance vanish unheard.
      log.log(Level.ERROR, this + " was not renewed, trying again", fault);
    }
  }

  private Lease renewed() throws RegistrationException {
    Lease held = lease;
    if (held != null) {
      switch (held.renew()) {
        case ALIVE -> {
          return held;
        }
        case DEREGISTERED -> {
          endAsDeregistered();
          return held;
        }
        case LOST -> log.log(Level.INFO, "{0} lost its lease and is registered again", this);
      }
      lease = null;
    }
    held = keeper.store().grant(service, endpoint.id());
    lease = held;
    lookDue = true;
    return held;
  }

  private boolean lookDue() {
    return lookDue || now() - lastLookNanos >= keeper.store().ttl().toNanos();
  }

  /** Makes the entry say what it should, and reads it back. */
  private void settle(Lease held) throws RegistrationException {
    Endpoint latest = endpoint;
    boolean claiming = phase == Phase.CLAIMING;
    Standing found = claiming ? Standing.CHANGED : held.look(latest);
    if (found == Standing.CHANGED || found == Standing.MISSING) {
      held.write(latest, claiming ? Claim.TAKE : Claim.IF_UNTOUCHED);
      found = held.look(latest);
    }
    switch (found) {
      case AS_WRITTEN -> moveTo(Phase.KEPT);
      case TAKEN -> moveTo(Phase.STANDING_BY);
      case DEREGISTERED -> endAsDeregistered();
      case CHANGED, MISSING ->
          throw new RegistrationException(
              this + ": the registry holds something else right after it was written");
    }
    lookDue = false;
    lastLookNanos = now();
  }

  private void moveTo(Phase next) {
    if (phase == next) {
      return;
    }
    if (next == Phase.STANDING_BY) {
      log.log(Level.WARNING, "{0} was taken over by another process that uses the same id", this);
    } else if (phase == Phase.STANDING_BY) {
      log.log(Level.INFO, "{0} is registered again: its id was free", this);
    }
    phase = next;
  }

  private void succeeded() {
    if (failures > 0) {
      log.log(Level.INFO, "{0} is renewed again after {1} failures", this, failures);
    }
    failures = 0;
    if (phase != Phase.ENDED) {
      double shorter = 1 - SPREAD * keeper.timing().random().getAsDouble();
      next = keeper.schedule(this::beat, (long) (interval().toNanos() * shorter));
    }
  }

  private void failed() {
    failures++;
    // While nobody answered, anything may have happened to the entry.
    lookDue = true;
    if (phase == Phase.KEPT || phase == Phase.STANDING_BY) {
      next =
          keeper.schedule(
              this::beat, Backoff.waitNanos(failures, interval(), keeper.timing().random()));
    }
  }

  private Duration interval() {
    return keeper.store().ttl().dividedBy(RENEWALS_PER_TTL);
  }

  private void endAsDeregistered() {
    log.log(Level.INFO, "{0} was deregistered by somebody else", this);
    end();
  }

  /** Nothing is renewed any more. */
  private void end() {
    phase = Phase.ENDED;
    cancelNext();
    keeper.forget(this);
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }

  @Override
  public void close() {
    try {
      leave();
    } catch (RegistrationException e) {
      log.log(Level.WARNING, notConfirmed(e));
    }
  }

  /**
   * Deregisters and waits for it.
   *
   * @throws RegistrationException if the registry did not confirm it within the keeper's bound
   */
  void leave() throws RegistrationException {
    Future<?> left = phase == Phase.ENDED ? null : keeper.submitIfOpen(this::release);
    if (left != null) {
      keeper.await(left, this);
    }
  }

  /** Deregisters some time, for a caller that has stopped waiting. */
  void withdraw() {
    Future<?> unused = keeper.submitIfOpen(this::releaseOrLog);
  }

  /** Deregisters, and says it where that fails. Loop only. */
  @Nullable Void releaseOrLog() {
    try {
      return release();
    } catch (RegistrationException | RuntimeException | Error e) {
      log.log(Level.WARNING, notConfirmed(e));
      return null;
    }
  }

  private @Nullable Void release() throws RegistrationException {
    Lease held = lease;
    lease = null;
    if (phase != Phase.ENDED) {
      end();
      if (held != null) {
        held.release();
      }
    }
    return null;
  }

  private String notConfirmed(Throwable e) {
    return "%s: deregistering it was not confirmed, its lease ends it within %d s: %s"
        .formatted(
            this,
            keeper.store().ttl().toSeconds(),
            e instanceof RegistrationException failure ? reason(failure) : e);
  }

  /** Without the name of the registry, with which the message begins anyway. */
  private String reason(RegistrationException e) {
    String message = String.valueOf(e.getMessage());
    String registry = keeper.store() + ": ";
    return message.startsWith(registry) ? message.substring(registry.length()) : message;
  }

  private long now() {
    return keeper.timing().ticker().getAsLong();
  }

  @Override
  public String toString() {
    return keeper.store() + ": instance \"" + endpoint.id() + "\" of service \"" + service + "\"";
  }
}
