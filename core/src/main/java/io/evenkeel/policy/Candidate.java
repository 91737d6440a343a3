package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import io.evenkeel.load.EndpointLoad;

/**
 * An endpoint in rotation. The same object stands for the same endpoint in every rotation.
 * Thread-safe.
 */
public interface Candidate {

  /** What discovery says of it. Built at each call: ask when a picker is made, not at each pick. */
  Endpoint endpoint();

  /** What it carries now. */
  EndpointLoad load();
}
