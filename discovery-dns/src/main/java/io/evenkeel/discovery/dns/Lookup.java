package io.evenkeel.discovery.dns;

import io.grpc.SynchronizationContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Knows what to ask DNS for, and what endpoints the answers make. Keeps what an answer that fails
 * must not lose. Called one look at a time, in the discovery's synchronization context.
 */
interface Lookup {

  /** Looks once. {@code client}'s answers arrive in the synchronization context. */
  CompletableFuture<Seen> look(DnsSetup setup, DnsClient client);

  /** Makes the look-up of one discovery. */
  interface Factory {
    Lookup create(SynchronizationContext serial, ScheduledExecutorService timers);
  }
}
