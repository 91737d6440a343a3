package io.evenkeel.balancer;

import io.evenkeel.load.CallAttempts;
import io.evenkeel.load.PushBack;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call may go to the endpoint that the policy has chosen, and whether it may be tried
 * once more at all. An endpoint that has as many calls as it may have is passed by, as is one that
 * the same call has tried before, as long as there is another; one that warms up takes a part of
 * the calls that would be its.
 *
 * <p>A limit is looked at when an endpoint is picked, and the call counts when gRPC has started it
 * there, on the same thread. So a limit can be exceeded by as many calls as threads pick at the
 * same moment. A place could be taken by the pick itself, but not given back: gRPC does not tell
 * when nothing comes of a pick, and the endpoint would have lost the place for good.
 *
 * <p>Thread-safe: runs on the thread of the call. A first attempt costs two volatile reads.
 */
final class Admission {
  /** What gRPC sends along with each retry and hedge (gRFC A6). */
  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * How long a call that has ended without a word from the server waits for the news that its
   * connection is lost. It comes within milliseconds, or there is none: a proxy may end streams
   * too.
   */
  private static final long NEWS_NANOS = Duration.ofMillis(50).toNanos();

  private static final String FORBIDDEN = "not tried again, as a server has asked for";
  private static final PickResult WAIT = PickResult.withNoResult();

  private final EndpointGuards guards;
  private final RandomGenerator random;
  private final Waker waker;
  private final boolean thinned;
  private final boolean limited; // so that who has no limits pays nothing for them
  private final PickResult full;
  private final String usedUp;
  private final Runnable price;

  /** Has a call that waits looked at again. */
  @FunctionalInterface
  interface Waker {
    /** Looks again in {@code nanos}, or soon after. Any thread. */
    void wakeIn(long nanos);
  }

  /**
   * Admission to the endpoints of one rotation.
   *
   * @param thinned whether some endpoint is to get less than the policy gives it
   */
  Admission(
      EndpointGuards guards, RandomGenerator random, Waker waker, String target, boolean thinned) {
    this.guards = guards;
    this.random = random;
    this.waker = waker;
    this.thinned = thinned;
    this.limited = guards.limits();
    this.full =
        PickResult.withDrop(
            Status.RESOURCE_EXHAUSTED.withDescription(
                "target \""
                    + target
                    + "\": every endpoint that could take the call has as many in flight as it may"
                    + " have"));
    this.usedUp = "not tried again, as the retry budget of target \"" + target + "\" is used up";
    this.price = guards.budget()::spend;
  }

  /**
   * What becomes of an attempt after the first before an endpoint is chosen: null when it may
   * start, else that it waits or is refused.
   *
   * <p>A call that was lost together with its connection is tried again once beside the budget.
   * There are no more of these than were in flight, and back-off bounds how often a connection is
   * lost, whereas a part of the calls of late says nothing of how many are in flight.
   */
  @Nullable PickResult holdBack(PickSubchannelArgs picked, CallAttempts call) {
    if (!picked.getHeaders().containsKey(PREVIOUS_ATTEMPTS)) {
      // gRPC tries again by itself what no server has seen, as when a connection goes away.
      return null;
    }
    boolean hedges = call.anyOpen();
    boolean free = !hedges && call.lostItsConnection();
    PushBack pushBack = call.pushBack();
    if (pushBack != null && pushBack.forbids()) {
      return refuse(call, hedges, FORBIDDEN);
    }
    if (!free && !guards.budget().available()) {
      return !hedges && expectsNews(call) ? waitForNews() : refuse(call, hedges, usedUp);
    }
    long wait = pushBack == null ? 0 : pushBack.waitNanos();
    if (hedges) {
      long now = guards.nanoTime();
      wait = Math.max(wait, guards.hedgeDelay().waitNanos(call.firstStartNanos(now), now));
    }
    if (wait > 0) {
      waker.wakeIn(wait);
      return WAIT;
    }
    if (!free) {
      call.charge(price);
    }
    return null;
  }

  /** Whether {@code chosen} takes a call whose attempts so far are {@code tried}; null for none. */
  boolean admits(EndpointConnection chosen, @Nullable CallAttempts tried) {
    return mayTake(chosen, tried) && !(thinned && isThinnedOut(chosen));
  }

  /** The same whether or not {@code chosen} warms up. */
  boolean mayTake(EndpointConnection chosen, @Nullable CallAttempts tried) {
    return !(limited && chosen.load().full()) && (tried == null || !tried.tried(chosen.load()));
  }

  /**
   * What a call gets whose attempts so far are {@code tried} when endpoints are ready and none may
   * take it.
   */
  PickResult full(@Nullable CallAttempts tried) {
    return tried != null && tried.anyOpen() ? waitForTheOthers() : full;
  }

  private boolean expectsNews(CallAttempts call) {
    long now = guards.nanoTime();
    return call.endedInSilence() && now - call.waitingSince(now) < NEWS_NANOS;
  }

  private PickResult waitForNews() {
    waker.wakeIn(CallWaker.TICK.toNanos());
    return WAIT;
  }

  /** To refuse a hedge would end the call, with the attempts of it that are under way. */
  private PickResult waitForTheOthers() {
    waker.wakeIn(CallWaker.PATIENCE.toNanos());
    return WAIT;
  }

  private boolean isThinnedOut(EndpointConnection chosen) {
    double factor = chosen.factor();
    return factor < 1 && random.nextDouble() >= factor;
  }

  private PickResult refuse(CallAttempts call, boolean hedges, String reason) {
    return hedges ? waitForTheOthers() : PickResult.withDrop(lastFailure(call, reason));
  }

  private static Status lastFailure(CallAttempts call, String reason) {
    Status last = call.lastFailure();
    return last == null
        ? Status.UNAVAILABLE.withDescription(reason)
        : last.withDescription(ProblemReport.describe(last) + "; " + reason);
  }
}
