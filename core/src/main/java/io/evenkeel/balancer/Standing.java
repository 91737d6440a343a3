package io.evenkeel.balancer;

import io.evenkeel.EndpointState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint stands. Replaced as a whole, so that any thread sees the parts of one moment.
 *
 * @param state what it is in
 * @param problem what last went wrong; OK when nothing has
 * @param sinceNanos when it entered the state, by the balancer's clock
 * @param failure the last time it could not be connected; null when it always could
 */
record Standing(
    EndpointState state, Status problem, long sinceNanos, @Nullable ConnectFailure failure) {

  /** Whether it takes no calls and there is a reason. */
  boolean troubled() {
    return state != EndpointState.READY && !problem.isOk();
  }

  /** This standing for another reason. */
  Standing withProblem(Status problem) {
    return new Standing(state, problem, sinceNanos, failure);
  }

  /** This standing after another attempt to connect. */
  Standing withFailure(ConnectFailure failure) {
    return new Standing(state, problem, sinceNanos, failure);
  }
}
