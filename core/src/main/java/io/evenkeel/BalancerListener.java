package io.evenkeel;

import io.grpc.NameResolver;
import io.grpc.Status;
import java.util.List;

/**
 * Hears what a channel's balancer does. Every method does nothing by default.
 *
 * <p>Called in the channel's synchronization context: return quickly, do not block. What a listener
 * throws is logged and harms nobody.
 */
public interface BalancerListener {

  /**
   * Carries a listener to the balancer of a channel that was not built by {@link Evenkeel#channel}:
   * {@code builder.setNameResolverArg(BalancerListener.KEY, listener)}.
   */
  NameResolver.Args.Key<BalancerListener> KEY =
      NameResolver.Args.Key.create("io.evenkeel.listener");

  /** {@code balancer} has started; its channel knows no endpoint yet. */
  default void onStarted(BalancerView balancer) {}

  /** {@code balancer} has ended, because its channel is idle or shut down. Nothing follows. */
  default void onEnded(BalancerView balancer) {}

  /** Discovery, or a change of this client's subset, has brought {@code endpoint}. */
  default void onFound(Endpoint endpoint) {}

  /** {@code endpoint} takes calls from now on. */
  default void onReady(Endpoint endpoint) {}

  /** {@code endpoint}, which took calls until now, takes none; {@code reason} says why. */
  default void onLost(Endpoint endpoint, Status reason) {}

  /**
   * {@code endpoint} could not be connected, for the {@code inARow}-th time in a row. gRPC tries
   * again by itself, after about a second at first and after two minutes at the most.
   */
  default void onConnectFailed(Endpoint endpoint, Status reason, int inARow) {}

  /**
   * {@code endpoint} was ejected for failing, and its time is over: it gets one call at a time
   * until it has proved good or bad. That it is ejected is told by {@link #onLost}.
   */
  default void onProbation(Endpoint endpoint) {}

  /** {@code endpoint} has proved good on probation and gets calls as any other. */
  default void onRevived(Endpoint endpoint) {}

  /**
   * {@code endpoint} has so many connections now: a further one has been made, because no other
   * took more streams, or was lost, or one that was old has been replaced.
   */
  default void onConnections(Endpoint endpoint, int connections) {}

  /**
   * {@code queued} calls have been waiting for a while in the connections of {@code endpoint}, as a
   * rule because the server takes no more streams on them (MAX_CONCURRENT_STREAMS). Told when calls
   * begin to wait, and once more when no further connection may be made.
   *
   * @param why for people: what the server takes, and what to configure
   */
  default void onQueued(Endpoint endpoint, int queued, String why) {}

  /** The health service of {@code endpoint} says that it serves, OK, or why it does not. */
  default void onHealthVerdict(Endpoint endpoint, Status verdict) {}

  /**
   * {@code endpoint} is no longer in the list, or in this client's subset; calls that run on it
   * finish.
   */
  default void onRemoved(Endpoint endpoint) {}

  /** Endpoints are chosen by {@code policy} from now on. */
  default void onPolicySwitched(String policy) {}

  /**
   * Other groups of endpoints get calls than before, or a group has begun or ceased to panic. Not
   * told of shares that only move.
   */
  default void onTrafficSplit(List<TrafficGroup> groups) {}

  /** Discovery has brought a list without an element; the last good list goes on serving. */
  default void onEmptyList() {}

  /**
   * A list of endpoints was not taken, because none of its elements is usable or because of a fault
   * of the balancer; the last good list goes on serving.
   */
  default void onListRefused(Status reason) {}

  /** Discovery has failed; the last good list goes on serving. */
  default void onDiscoveryError(Status error) {}

  /**
   * The last look of the discovery has not confirmed the list, which stays in use. Told once until
   * it is confirmed again. This and the next four come from Evenkeel's own discoveries.
   */
  default void onDiscoveryStale(Status reason) {}

  /** The list is confirmed again. */
  default void onDiscoveryRecovered() {}

  /**
   * The list lacks so many endpoints at once that they are kept until another look confirms it; 0
   * when that is over.
   */
  default void onDropHeld(int endpoints) {}

  /** The list comes from {@code target} now: from the fallback, or the channel's own again. */
  default void onDiscoverySource(String target) {}

  /** Discovery has given its registry's client up for a new one, the {@code total}-th time. */
  default void onDiscoveryRebuilt(long total) {}

  /**
   * The policy has thrown {@code thrown}, and {@code total} times in all since the balancer
   * started. Told once a second at most; calls went to other endpoints.
   */
  default void onPolicyFault(Throwable thrown, long total) {}

  /** The whole picture has changed; changes that come together are reported once. */
  default void onState(BalancerState state) {}
}
