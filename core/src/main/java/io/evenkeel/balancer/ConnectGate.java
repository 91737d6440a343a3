package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.policy.PolicyContext;
import io.grpc.LoadBalancer.Helper;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets only so many connections be made at the same time, so that ten thousand endpoints are not
 * ten thousand handshakes at once.
 *
 * <h2>Whose turn it is</h2>
 *
 * <ol>
 *   <li>A connection that was lost goes before one that never was; of five turns the fifth is the
 *       newcomers', so that connections that are lost over and over do not keep them out.
 *   <li>Newcomers that arrive together are ordered by their priority and shuffled within it: many
 *       clients that get the same list do not all dial the same endpoint. After that it is first
 *       come, first served.
 *   <li>A turn ends when the connection is up, has failed or has left, and after {@link #MAX_TURN}
 *       whatever happens: an endpoint that does not answer keeps nobody out for long. Its attempt
 *       goes on.
 * </ol>
 *
 * <h2>How many at a time</h2>
 *
 * <p>A wave begins with {@link #FIRST_TURNS}. Each turn that ends without a failure lets one more
 * be made, so that their number doubles with each round of handshakes up to the limit: the first
 * calls do not wait for the processor behind a hundred handshakes. An endpoint that stays silent
 * for a whole turn says nothing against the others. A wave is over when no turn runs and nobody
 * waits.
 *
 * <p>Each method takes constant time but {@link #release}, which is linear in the newcomers.
 * Synchronization context only.
 */
final class ConnectGate {
  /** A handshake that takes longer hangs; one that is slow because many run does not. */
  static final Duration MAX_TURN = Duration.ofSeconds(5);

  /** Enough that one endpoint that hangs does not hold up the first answer. */
  static final int FIRST_TURNS = 8;

  /** Lost connections that are served in a row while newcomers wait. */
  private static final int LOST_IN_A_ROW = 4;

  private final Helper helper;
  private final PolicyContext context;
  // Replaced when they are empty: each keeps room for all endpoints that it has ever held.
  private List<EndpointConnection> arriving = new ArrayList<>();
  private Set<EndpointConnection> newcomers = new LinkedHashSet<>();

  private final Set<EndpointConnection> lost = new LinkedHashSet<>();

  /** When each turn began, the oldest first. */
  private final Map<EndpointConnection, Long> turns = new LinkedHashMap<>();

  private int limit = BalancerConfig.DEFAULT_CONNECTS;
  private int allowed = FIRST_TURNS; // as far as the limit lets it
  private volatile int waitingSeen;
  private int lostInARow;
  private boolean held;
  private boolean advancing;
  private boolean closed;
  private @Nullable ScheduledHandle expiry; // of the oldest turn, while somebody waits for it

  /** Who asks for a turn. */
  enum Applicant {
    NEWCOMER,
    LOST
  }

  ConnectGate(Helper helper, PolicyContext context) {
    this.helper = helper;
    this.context = context;
  }

  /** Gives no turn until {@link #release}: a list of endpoints is being taken. */
  void hold() {
    held = true;
  }

  /** Gives turns again, at most {@code limit} at the same time. */
  void release(int limit) {
    this.limit = limit;
    held = false;
    shuffleArriving();
    arriving.sort(Comparator.comparingInt(connection -> connection.groupKey().priority()));
    newcomers.addAll(arriving);
    arriving = new ArrayList<>();
    advance();
  }

  /** Has {@link EndpointConnection#connect} called when it is the connection's turn. */
  void ask(EndpointConnection connection, Applicant applicant) {
    if (closed) {
      return;
    }
    turns.remove(connection);
    if (applicant == Applicant.LOST) {
      lost.add(connection);
    } else if (held) {
      arriving.add(connection);
    } else {
      newcomers.add(connection);
    }
    advance();
  }

  /** It is time to try a connection again that could not be made. */
  void retry(EndpointConnection connection) {
    ask(connection, Applicant.NEWCOMER);
  }

  /** The connection is up. */
  void connected(EndpointConnection connection) {
    if (turns.containsKey(connection)) {
      allowOneMore();
    }
    leave(connection);
  }

  /** The connection needs no turn any more: it has failed or leaves. */
  void leave(EndpointConnection connection) {
    newcomers.remove(connection);
    lost.remove(connection);
    turns.remove(connection);
    advance();
  }

  /** How many connections waited for their turn a moment ago. Any thread. */
  int waitingSeen() {
    return waitingSeen;
  }

  /** Gives no more turns. */
  void close() {
    closed = true;
    arriving.clear();
    newcomers.clear();
    lost.clear();
    turns.clear();
    waitingSeen = 0;
    cancelExpiry();
  }

  /**
   * A connection may fail while it is told to connect and so come back here: the loop serves it.
   */
  private void advance() {
    if (held || closed || advancing) {
      return;
    }
    advancing = true;
    try {
      while (turns.size() < Math.min(allowed, limit) && waiting() > 0) {
        EndpointConnection next = next();
        turns.put(next, context.nanoTime().getAsLong());
        next.connect();
      }
    } finally {
      advancing = false;
    }
    if (turns.isEmpty()) {
      allowed = FIRST_TURNS;
    }
    waitingSeen = waiting();
    watchOldestTurn();
  }

  private EndpointConnection next() {
    boolean lostFirst = !lost.isEmpty() && (newcomers.isEmpty() || lostInARow < LOST_IN_A_ROW);
    lostInARow = lostFirst ? lostInARow + 1 : 0;
    Iterator<EndpointConnection> queue = (lostFirst ? lost : newcomers).iterator();
    EndpointConnection next = queue.next();
    queue.remove();
    if (!lostFirst && newcomers.isEmpty()) {
      newcomers = new LinkedHashSet<>();
    }
    return next;
  }

  private int waiting() {
    return newcomers.size() + lost.size();
  }

  private void watchOldestTurn() {
    if (waitingSeen == 0) {
      cancelExpiry();
    } else if (expiry == null) {
      expiry =
          helper
              .getSynchronizationContext()
              .schedule(
                  this::expire,
                  Math.max(0, nanosToExpiry()),
                  NANOSECONDS,
                  helper.getScheduledExecutorService());
    }
  }

  private void expire() {
    expiry = null;
    while (!turns.isEmpty() && nanosToExpiry() <= 0) {
      Iterator<EndpointConnection> oldest = turns.keySet().iterator();
      oldest.next();
      oldest.remove();
      allowOneMore();
    }
    advance();
  }

  private void allowOneMore() {
    allowed = Math.min(allowed + 1, limit);
  }

  private long nanosToExpiry() {
    long oldestNanos = turns.values().iterator().next();
    return oldestNanos + MAX_TURN.toNanos() - context.nanoTime().getAsLong();
  }

  private void cancelExpiry() {
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
  }

  /**
   * Durstenfeld's shuffle; {@link java.util.Collections#shuffle} takes no {@code RandomGenerator}.
   */
  private void shuffleArriving() {
    for (int i = arriving.size() - 1; i > 0; i--) {
      int other = context.random().nextInt(i + 1);
      EndpointConnection moved = arriving.set(other, arriving.get(i));
      arriving.set(i, moved);
    }
  }
}
