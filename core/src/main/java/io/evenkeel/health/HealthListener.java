package io.evenkeel.health;

import io.grpc.Status;

/** Takes the verdicts of a {@link HealthWatch}, in the channel's synchronization context. */
public interface HealthListener {

  /** The endpoint serves, or has no health service to say otherwise. */
  void onServing();

  /** The endpoint is connected but does not serve, or says nothing; {@code reason} tells which. */
  void onNotServing(Status reason);
}
