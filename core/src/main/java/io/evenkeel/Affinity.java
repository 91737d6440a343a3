package io.evenkeel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the calls of one session on the endpoint that took its first call. The client makes one per
 * session and gives it to each call:
 *
 * <pre>{@code
 * Affinity session = new Affinity();
 * stub.withOption(CallKeys.AFFINITY, session).open(request);
 * stub.withOption(CallKeys.AFFINITY, session).append(request); // to the same endpoint
 * }</pre>
 *
 * <p>The session stays where it is when endpoints are added, which a hash key does not promise.
 * When its endpoint leaves the rotation, the next call chooses another and the session moves there.
 * While its endpoint is only out of reach for a moment, or full under {@code boundedLoadFactor},
 * single calls go elsewhere and the session stays.
 *
 * <p>Understood by {@code ring_hash}, {@code maglev} and {@code rendezvous}. Use one object for one
 * service: two services have no endpoint in common to stay on. Thread-safe: calls that start at the
 * same time agree on one endpoint.
 */
public final class Affinity {
  private final AtomicLong endpoint = new AtomicLong();

  /** A session that has no endpoint yet. */
  public Affinity() {}

  /** For policies: the identity of the endpoint that the session is on; 0 while there is none. */
  public long endpoint() {
    return endpoint.get();
  }

  /** For policies: moves the session, unless another call has moved it from {@code left} before. */
  public boolean move(long left, long to) {
    return endpoint.compareAndSet(left, to);
  }
}
