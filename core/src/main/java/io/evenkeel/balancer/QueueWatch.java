package io.evenkeel.balancer;

import io.evenkeel.policy.PolicyContext;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.LoadBalancer.Helper;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for calls that wait in the transport because their connection takes no more streams, which
 * gRPC shows to nobody. It has their endpoint learn what its connections take, and tells listeners
 * and the channel's log once for each time that calls begin to wait.
 *
 * <p>A call waits when it was there at one look and is at the next. Looks are {@link #INTERVAL}
 * apart, farther with many endpoints, and only while there are calls: an attempt sets the timer and
 * pays one volatile read for that.
 *
 * <p>Synchronization context only, but for {@link #onAttempt}.
 */
final class QueueWatch {
  static final Duration INTERVAL = Duration.ofMillis(50);

  /** A look at an endpoint takes some 100 ns: a thousandth of the time goes into looks. */
  private static final long PER_ENDPOINT_NANOS = Duration.ofNanos(100_000).toNanos();

  private enum Phase {
    /** No attempt has started of late, and none waits. */
    RESTING,

    /** There was a look since the last attempt began. */
    LOOKED,

    /** An attempt has begun since the last look. */
    BUSY
  }

  private enum Told {
    WAITING,
    AT_THE_BOUND
  }

  private final Helper helper;
  private final PolicyContext context;
  private final Listeners listeners;
  private final Supplier<Collection<EndpointConnection>> connections;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RESTING);
  private final Map<EndpointConnection, Told> told = new HashMap<>();

  /** Attempts that had ever started on endpoints where calls waited at the last look. */
  private Map<EndpointConnection, Long> startedBefore = new HashMap<>();

  private ConnectionsConfig config = ConnectionsConfig.DEFAULT;
  private volatile long intervalNanos = INTERVAL.toNanos(); // between looks
  private volatile @Nullable ScheduledHandle timer; // until the next look
  private volatile boolean closed;

  QueueWatch(
      Helper helper,
      PolicyContext context,
      Listeners listeners,
      Supplier<Collection<EndpointConnection>> connections) {
    this.helper = helper;
    this.context = context;
    this.listeners = listeners;
    this.connections = connections;
  }

  /** Lets endpoints whose calls wait have connections by {@code config} from now on. */
  void use(ConnectionsConfig config) {
    this.config = config;
  }

  /** Forgets {@code connection}, which leaves. */
  void remove(EndpointConnection connection) {
    told.remove(connection);
    startedBefore.remove(connection);
  }

  void close() {
    closed = true;
    cancel();
  }

  /** An attempt is about to be handed to an endpoint. Any thread. */
  void onAttempt() {
    if (phase.get() != Phase.BUSY && phase.getAndSet(Phase.BUSY) == Phase.RESTING) {
      schedule();
    }
  }

  private void schedule() {
    timer = context.timer().schedule(this::look, intervalNanos);
    if (closed) {
      cancel();
    }
  }

  private void cancel() {
    ScheduledHandle pending = timer;
    if (pending != null) {
      pending.cancel();
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    // Who has seen BUSY before this has the time until the next look to start its attempt.
    boolean again = phase.getAndSet(Phase.LOOKED) == Phase.BUSY;
    try {
      again |= lookAtAll();
    } finally {
      if (again || !phase.compareAndSet(Phase.LOOKED, Phase.RESTING)) {
        schedule();
      }
    }
  }

  /** Says whether calls wait. */
  private boolean lookAtAll() {
    int endpoints = connections.get().size();
    intervalNanos = Math.max(INTERVAL.toNanos(), PER_ENDPOINT_NANOS * endpoints);
    Map<EndpointConnection, Long> started = new HashMap<>();
    boolean any = false;
    for (EndpointConnection connection : connections.get()) {
      int waiting = connection.load().waiting();
      ConnectionSet set = connection.connectionSet();
      if (waiting == 0 && set == null) {
        continue;
      }
      int stuck = set == null ? stuck(connection, waiting, started) : set.look();
      if (stuck > 0) {
        tell(connection, waiting);
      } else if (waiting == 0) {
        told.remove(connection);
      }
      any |= waiting > 0 || (set != null && set.isHolding());
    }
    startedBefore = started;
    return any;
  }

  /**
   * How many calls have been waiting since the last look. If any, their connection is counted from
   * now on.
   */
  private int stuck(EndpointConnection connection, int waiting, Map<EndpointConnection, Long> now) {
    long started = connection.load().started();
    now.put(connection, started);
    Long before = startedBefore.get(connection);
    long stuck = before == null ? 0 : waiting - (started - before);
    if (stuck <= 0) {
      return 0;
    }
    connection.countStreams(config);
    ConnectionSet counting = connection.connectionSet();
    return counting == null ? (int) stuck : counting.look();
  }

  private void tell(EndpointConnection connection, int waiting) {
    ConnectionSet set = connection.connectionSet();
    boolean mayGrow = set != null && (set.mayGrow() || set.isOpening());
    Told news = mayGrow ? Told.WAITING : Told.AT_THE_BOUND;
    Told before = told.put(connection, news);
    if (before != null && before.compareTo(news) >= 0) {
      told.put(connection, before);
      return;
    }
    String why = describe(connection, waiting, mayGrow);
    helper
        .getChannelLogger()
        .log(ChannelLogLevel.WARNING, "{0}: {1}", connection.endpoint().displayAddress(), why);
    listeners.tell(listener -> listener.onQueued(connection.endpoint(), waiting, why));
  }

  private String describe(EndpointConnection connection, int waiting, boolean mayGrow) {
    int open = Math.max(0, connection.load().inFlight() - waiting);
    int each = connection.streamsEach().orElse(open);
    String calls = waiting + (waiting == 1 ? " call waits" : " calls wait");
    if (each == 0) {
      return calls
          + " in the transport, and nothing leaves it: the network or the server stands"
          + " still";
    }
    int up = connection.connections();
    return calls
        + " for a stream: the server takes "
        + each
        + (up == 1
            ? " at a time on its connection"
            : " at a time on each of " + up + " connections")
        + (mayGrow ? "; calls that follow go to a further connection" : "; " + remedy(connection));
  }

  private String remedy(EndpointConnection connection) {
    return connection.mayHaveSeveral()
        ? "raise connections.maxPerEndpoint ("
            + config.maxPerEndpoint()
            + ") or the server's MAX_CONCURRENT_STREAMS"
        : "an endpoint of several addresses has one; raise the server's MAX_CONCURRENT_STREAMS";
  }
}
