package io.evenkeel.balancer;

import io.evenkeel.health.HealthListener;
import io.evenkeel.health.HealthWatch;
import io.evenkeel.load.LoadReportWatch;
import io.grpc.LoadBalancer;
import io.grpc.Status;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What an {@link EndpointConnection} needs of its balancer. Synchronization context only. */
interface ConnectionHost {

  /** Makes subchannels. */
  LoadBalancer.Helper helper();

  /** Says when a connection may be made. */
  ConnectGate gate();

  /** Says when a connection that could not be made is tried again. */
  ReconnectSchedule reconnects();

  /** Chance. */
  RandomGenerator random();

  /** Runs {@code task} soon, in the synchronization context. Any thread. */
  void soon(Runnable task);

  /** {@code connection} takes more calls, or fewer, than before. */
  void onRoom(EndpointConnection connection);

  /** {@code connection} has more connections, or fewer, than before, or another one. */
  void onConnections(EndpointConnection connection);

  /** An attempt of a call is about to be handed to an endpoint. Any thread, on the hot path. */
  void onAttempt();

  /** Has calls that wait in the channel looked at again. */
  void wakeCalls();

  /** The balancer's clock. Any thread. */
  long nanoTime();

  /**
   * A health watch of the endpoint behind {@code subchannel}, not yet started; null when health is
   * not to be checked.
   */
  @Nullable HealthWatch newHealthWatch(LoadBalancer.Subchannel subchannel, HealthListener listener);

  /**
   * A stream, not yet started, on which the endpoint behind {@code connection} reports its load
   * over {@code subchannel} every {@code interval}.
   */
  LoadReportWatch newReportWatch(
      EndpointConnection connection, LoadBalancer.Subchannel subchannel, Duration interval);

  /**
   * {@code connection} does not stand as {@code before} any more.
   *
   * @param misplaced 1 when the last plan has become wrong about it, -1 when it is right again,
   *     else 0
   */
  void onStanding(EndpointConnection connection, Standing before, int misplaced);

  /** {@code connection} could not be made. */
  void onConnectFailed(EndpointConnection connection, ConnectFailure failure);

  /** What the health service of {@code connection} says. */
  void onHealthVerdict(EndpointConnection connection, Status verdict);

  /** A connection is lost or cannot be made: perhaps discovery knows better by now. */
  void refreshDiscovery();
}
