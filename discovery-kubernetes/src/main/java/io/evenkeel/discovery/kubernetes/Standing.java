package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import org.jspecify.annotations.Nullable;

/** Whether calls may go to an endpoint, by its conditions. The better one comes first. */
enum Standing {
  /** Takes calls. */
  READY,

  /** Is on its way out and still serves: takes calls where no other endpoint does. */
  LEAVING,

  /** Takes no calls. */
  OUT;

  /** By Kubernetes' rules for conditions that are missing. */
  static Standing of(@Nullable EndpointConditions conditions) {
    if (conditions == null || conditions.getReady() == null || conditions.getReady()) {
      return READY;
    }
    boolean leaving = Boolean.TRUE.equals(conditions.getTerminating());
    return leaving && Boolean.TRUE.equals(conditions.getServing()) ? LEAVING : OUT;
  }

  /** The better one of the two. */
  Standing better(Standing other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
