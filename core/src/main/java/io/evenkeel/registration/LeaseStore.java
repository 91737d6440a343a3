package io.evenkeel.registration;

import java.time.Duration;

/**
 * What the registry of a {@link LeaseKeeper} does: it lists an instance for as long as its lease is
 * renewed.
 *
 * <p>Calls block for {@link #ttl} at most, better for a third of it, so that a question which is
 * not answered leaves time for another. They come from one thread at a time. {@code toString} names
 * the registry for messages, without secrets.
 *
 * <p>A store recovers by itself: it makes a client anew that has lost its way. Leases outlive that.
 */
public interface LeaseStore {

  /** How long an instance is listed after its last renewal. */
  Duration ttl();

  /** A new lease for the instance {@code id} of {@code service}; writes nothing yet. */
  Lease grant(String service, String id) throws RegistrationException;
}
