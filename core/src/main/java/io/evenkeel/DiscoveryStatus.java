package io.evenkeel;

import io.grpc.Attributes;
import io.grpc.NameResolver;
import io.grpc.Status;

/**
 * How the discovery of one target stands now. All channels of a process that have the same target
 * share its discovery, and so this. Thread-safe.
 */
public interface DiscoveryStatus {

  /** Under this a resolver of Evenkeel's hands it to the channel, with each list of endpoints. */
  @NameResolver.ResolutionResultAttr
  Attributes.Key<DiscoveryStatus> KEY = Attributes.Key.create("io.evenkeel.discoveryStatus");

  /**
   * Beside an empty list: the last one was not confirmed for longer than its target allows, and is
   * not to be used any more, for this reason.
   */
  @NameResolver.ResolutionResultAttr
  Attributes.Key<Status> EXPIRED = Attributes.Key.create("io.evenkeel.discoveryExpired");

  /** How it stands at this moment; never waits. */
  SourceSnapshot snapshot();

  /**
   * Tells {@code observer} what happens from now on, until the subscription is closed; an event
   * that is under way may still arrive then.
   */
  Subscription subscribe(Observer observer);

  /** Ends what {@link #subscribe} began. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Hears of changes, in the order they happen, on threads of the discovery: hand them to your own
   * and return. What it throws is logged and harms nobody.
   */
  interface Observer {

    /** The last look confirmed nothing; the list stays in use. Told once until it recovers. */
    default void onStale(Status reason) {}

    /** The list is confirmed again. */
    default void onRecovered() {}

    /** So many endpoints are missing at once that they are held; 0 when that is over. */
    default void onDropHeld(int endpoints) {}

    /** The list comes from {@code target} from now on: the fallback, or the channel's own again. */
    default void onSource(String target) {}

    /** The client of the registry was given up for a new one, {@code total} times so far. */
    default void onRebuilt(long total) {}
  }
}
