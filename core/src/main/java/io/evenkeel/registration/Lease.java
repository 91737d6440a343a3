package io.evenkeel.registration;

import io.evenkeel.Endpoint;

/**
 * One instance's right to stand in a registry for as long as it is renewed: an etcd lease, a
 * ZooKeeper session, a Consul check.
 *
 * <p>Calls block, but not for longer than the {@link LeaseStore} states, and come from one thread
 * at a time. Each may be made again after it failed, whether or not the registry had done it.
 */
public interface Lease {

  /** What the registry says of a lease. */
  enum State {
    /** Good for another TTL. */
    ALIVE,
    /** Ran out, was revoked, or the registry never heard of it: whatever was lost, it is over. */
    LOST,
    /** Ended by {@link Registrar#deregister}: somebody wants the instance gone. */
    DEREGISTERED
  }

  /** What stands in the registry where the instance belongs. */
  enum Standing {
    /** What was looked for, under this lease. */
    AS_WRITTEN,
    /** Something else that this process left there, under this or an earlier lease. */
    CHANGED,
    /** Nothing, though nobody deregistered it. */
    MISSING,
    /** What another process wrote. */
    TAKEN,
    /** Nothing, by {@link Registrar#deregister}. */
    DEREGISTERED
  }

  /** Whose entry a write may replace. */
  enum Claim {
    /** Anybody's: the last to register wins. */
    TAKE,
    /** Only what the last {@link #look} has seen; otherwise nothing is written. */
    IF_UNTOUCHED
  }

  /** Asks for another TTL. */
  State renew() throws RegistrationException;

  /** Looks whether {@code endpoint} stands in the registry. */
  Standing look(Endpoint endpoint) throws RegistrationException;

  /** Writes {@code endpoint} under this lease; {@link #look} tells what came of it. */
  void write(Endpoint endpoint, Claim claim) throws RegistrationException;

  /**
   * Ends the lease, and with it the entry that stands under it; what another process has written
   * meanwhile stays.
   */
  void release() throws RegistrationException;
}
