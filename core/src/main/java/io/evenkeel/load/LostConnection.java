package io.evenkeel.load;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;

/**
 * The status of calls whose connection is closed in the moment in which one of them begins.
 *
 * <p>gRPC's Netty transport hears of a closed connection a little after it is closed. A call that
 * begins in between fails to write, and then it and all others on the connection end as UNKNOWN
 * "channel closed" where UNAVAILABLE is meant. No server says UNKNOWN with the cause that these
 * have: what comes over the network has none.
 */
public final class LostConnection {

  private LostConnection() {}

  /** Whether {@code status} says UNKNOWN, and means that the connection was lost. */
  public static boolean isMeantBy(Status status) {
    return status.getCode() == Status.Code.UNKNOWN
        && status.getCause() instanceof ClosedChannelException;
  }

  /** What {@code status} should have been, when it {@link #isMeantBy means} that. */
  public static Status toUnavailable(Status status) {
    return Status.UNAVAILABLE.withDescription(status.getDescription()).withCause(status.getCause());
  }
}
