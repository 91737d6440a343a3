package io.evenkeel.discovery;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link Supervisor} has to say to who watches: the newest one makes the earlier ones
 * void.
 *
 * @param endpoints the list to use; never empty; null while there is none
 * @param failure why there is none; null where there is one
 * @param problem what is wrong with the list or its source, in words; empty where nothing is
 */
record View(@Nullable EndpointSet endpoints, @Nullable Status failure, String problem) {
  /** Whether this says nothing that {@code before} has not said. A failure is always news. */
  boolean repeats(View before) {
    return endpoints != null
        && before.endpoints != null
        && endpoints.meansTheSameAs(before.endpoints)
        && problem.equals(before.problem);
  }
}
