package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import io.evenkeel.load.EndpointLoad;

/**
 * An endpoint in rotation. The same object stands for the same endpoint in every rotation.
 * Thread-safe, except where a method says otherwise.
 */
public interface Candidate {

  /** What discovery says of it. Built at each call: ask when a picker is made, not at each pick. */
  Endpoint endpoint();

  /** What it carries now. */
  EndpointLoad load();

  /**
   * Whether it takes calls at this moment. It may be lost since the rotation was made; a call for
   * it then goes elsewhere anyway, so a policy asks only when it knows the better place. Costs one
   * volatile read.
   */
  boolean ready();

  /**
   * A number that stands for the endpoint on every client and after every restart, never 0: the
   * hash of {@code hashKey} in its metadata, or else of its addresses. Synchronization context
   * only: ask when a picker is made.
   */
  default long identity() {
    return EndpointIdentity.of(endpoint());
  }
}
