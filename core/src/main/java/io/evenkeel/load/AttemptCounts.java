package io.evenkeel.load;

import io.grpc.ClientStreamTracer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that have started on one endpoint and those that have ended, without drift.
 *
 * <h2>How it works</h2>
 *
 * One step counts that an attempt starts, another that it ends; what is in flight is the
 * difference. Attempts that their call is sure to release are counted apart from those that belong
 * to their connection, so that {@link #endConnection} can forget the latter.
 *
 * <p>Beside each count, in the same word, stands what must be read in the same step:
 *
 * <ol>
 *   <li>The number of the connection. An attempt remembers it; when it ends under another number,
 *       the loss of its connection has released it already.
 *   <li>Whether the endpoint counts in a {@link LoadSum}: each change falls either before it joins
 *       or after, never between.
 * </ol>
 *
 * <p>Where the words of the former have room for that number, the one of starts counts the attempts
 * that wait in the transport: a field of its own would cost each endpoint eight bytes.
 *
 * <p>Thread-safe.
 */
abstract class AttemptCounts extends ClientStreamTracer.Factory {
  private static final VarHandle OWNED_STARTS;
  private static final VarHandle OWNED_ENDS;
  private static final VarHandle LOOSE_STARTS;
  private static final VarHandle LOOSE_ENDS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNED_STARTS = lookup.findVarHandle(AttemptCounts.class, "ownedStarts", long.class);
      OWNED_ENDS = lookup.findVarHandle(AttemptCounts.class, "ownedEnds", long.class);
      LOOSE_STARTS = lookup.findVarHandle(AttemptCounts.class, "looseStarts", long.class);
      LOOSE_ENDS = lookup.findVarHandle(AttemptCounts.class, "looseEnds", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // A word, from its lowest bit: joined, side of the membership, 16 of the connection, the count.
  private static final long JOINED = 1;
  private static final long SIDE = 2;
  private static final int CONNECTION_SHIFT = 2;
  private static final long CONNECTION = (long) Character.MAX_VALUE << CONNECTION_SHIFT;
  private static final int COUNT_SHIFT = 18;
  private static final long ONE = 1L << COUNT_SHIFT;

  private static final long ONE_WAITING = 1L << CONNECTION_SHIFT;

  /**
   * What waits beyond this is not counted: so many threads may be between the look and the step.
   */
  private static final int MOST_WAITING = Character.MAX_VALUE - 4096;

  // Of attempts whose call is sure to release them.
  private volatile long ownedStarts;
  private volatile long ownedEnds;

  // Of attempts that their connection may have to release.
  private volatile long looseStarts;
  private volatile long looseEnds;

  private volatile @Nullable Membership membership; // null until it first joins a sum
  private volatile @Nullable Runnable watcher;

  /** Attempts that run on this endpoint now. */
  public final int inFlight() {
    // The ends first: an attempt that comes and goes meanwhile must not be missing twice.
    long owned = -count(ownedEnds);
    long loose = -count(looseEnds);
    return (int) (owned + loose + count(ownedStarts) + count(looseStarts));
  }

  /**
   * Attempts that gRPC has handed to a connection and whose headers have not left: it takes no more
   * streams now, or the network stands still. 60,000 at most.
   */
  public final int waiting() {
    return (int) ((ownedStarts & CONNECTION) >>> CONNECTION_SHIFT);
  }

  /** Attempts that were ever started on this endpoint. */
  public final long started() {
    return count(ownedStarts) + count(looseStarts);
  }

  /**
   * Counts in {@code sum} from now on, and in no other. Joining twice is joining once.
   * Synchronization context only.
   */
  public final void joinSum(LoadSum sum) {
    Membership current = membership;
    boolean joined = (ownedStarts & JOINED) != 0;
    if (current != null && joined && current.sum == sum) {
      return;
    }
    if (current != null && joined) {
      leaveSum(current.sum);
    }
    Membership next = current == null ? new Membership(sum, 0, null) : current.next(sum);
    membership = next;
    long mark = JOINED | next.side;
    long starts =
        count((long) OWNED_STARTS.getAndBitwiseOr(this, mark))
            + count((long) LOOSE_STARTS.getAndBitwiseOr(this, mark));
    long ends =
        count((long) OWNED_ENDS.getAndBitwiseOr(this, mark))
            + count((long) LOOSE_ENDS.getAndBitwiseOr(this, mark));
    sum.add(starts - ends);
  }

  /** Counts in {@code sum} no more; another sum is left as it is. Synchronization context only. */
  public final void leaveSum(LoadSum sum) {
    Membership current = membership;
    if (current == null || current.sum != sum || (ownedStarts & JOINED) == 0) {
      return;
    }
    long rest = ~(JOINED | SIDE);
    long starts =
        count((long) OWNED_STARTS.getAndBitwiseAnd(this, rest))
            + count((long) LOOSE_STARTS.getAndBitwiseAnd(this, rest));
    long ends =
        count((long) OWNED_ENDS.getAndBitwiseAnd(this, rest))
            + count((long) LOOSE_ENDS.getAndBitwiseAnd(this, rest));
    sum.add(ends - starts);
  }

  /**
   * Runs {@code watcher} after each change of what the endpoint carries from now on, on the thread
   * that makes it, in place of the watcher before. It must not block or throw. Synchronization
   * context only.
   */
  public final void watch(Runnable watcher) {
    this.watcher = watcher;
  }

  /** Undoes {@link #watch}, unless another watcher has come since. Synchronization context only. */
  public final void unwatch(Runnable watcher) {
    if (this.watcher == watcher) {
      this.watcher = null;
    }
  }

  /** Whether somebody is told of the changes of what the endpoint carries. */
  public final boolean watched() {
    return watcher != null;
  }

  /** An attempt starts that its call is sure to release. */
  final void startOwned() {
    changed((long) OWNED_STARTS.getAndAdd(this, ONE), 1);
  }

  /** An attempt of {@link #startOwned} ends. */
  final void endOwned() {
    changed((long) OWNED_ENDS.getAndAdd(this, ONE), -1);
  }

  /**
   * An attempt waits in the transport; says whether it counts as that until {@link #endWaiting}.
   */
  final boolean startWaiting() {
    if (waiting() > MOST_WAITING) {
      return false;
    }
    OWNED_STARTS.getAndAdd(this, ONE_WAITING);
    return true;
  }

  /** An attempt of {@link #startWaiting} waits no more. */
  final void endWaiting() {
    OWNED_STARTS.getAndAdd(this, -ONE_WAITING);
  }

  /** The number of the endpoint's connection; the next one has another. */
  final char connection() {
    return connection(looseStarts);
  }

  /** An attempt starts that belongs to its connection, whose number it answers. */
  final char startLoose() {
    long before = (long) LOOSE_STARTS.getAndAdd(this, ONE);
    changed(before, 1);
    return connection(before);
  }

  /** An attempt ends that {@link #startLoose} has counted for {@code connection}. */
  final void endLoose(char connection) {
    long before;
    do {
      before = looseEnds;
      if (connection(before) != connection) {
        return;
      }
    } while (!LOOSE_ENDS.compareAndSet(this, before, before + ONE));
    changed(before, -1);
  }

  /**
   * Forgets the attempts that only their connection could have ended. Once the ends have the next
   * connection's number no attempt of this one counts its end; once the starts have it too, it is
   * known how many those are. The next connection makes no attempts before both have it.
   * Synchronization context only.
   */
  final void endConnection() {
    long ended = nextConnection(LOOSE_ENDS);
    long left = nextConnection(LOOSE_STARTS) - ended;
    if (left > 0) {
      changed((long) LOOSE_ENDS.getAndAdd(this, left * ONE), -left);
    }
  }

  /** What the endpoint carries has changed in some other way. */
  final void tellWatcher() {
    Runnable told = watcher;
    if (told != null) {
      told.run();
    }
  }

  /** Numbers the next connection and answers the count until then. */
  private long nextConnection(VarHandle word) {
    long before;
    long after;
    do {
      before = (long) word.getVolatile(this);
      after = (before & ~CONNECTION) | ((before + (1L << CONNECTION_SHIFT)) & CONNECTION);
    } while (!word.compareAndSet(this, before, after));
    return count(before);
  }

  private void changed(long before, long delta) {
    if ((before & JOINED) != 0) {
      sumOf(before).add(delta);
    }
    tellWatcher();
  }

  private LoadSum sumOf(long word) {
    Membership current = membership;
    Membership named = current;
    while (named != null && named.side != (word & SIDE)) {
      named = named.before;
    }
    if (named == null) {
      throw new IllegalStateException("joined to no sum");
    }
    return named.sum;
  }

  private static long count(long word) {
    return word >>> COUNT_SHIFT;
  }

  private static char connection(long word) {
    return (char) (word >>> CONNECTION_SHIFT);
  }

  /** The sum that the endpoint counts in while its words say so. Immutable. */
  private static final class Membership {
    final LoadSum sum;

    /**
     * What the words say beside that they have joined. It differs from one membership to the next,
     * so that a thread that has changed its word just before finds the sum of that moment.
     */
    final long side;

    final @Nullable Membership before;

    Membership(LoadSum sum, long side, @Nullable Membership before) {
      this.sum = sum;
      this.side = side;
      this.before = before;
    }

    /** The membership that follows; what was before this one is forgotten. */
    Membership next(LoadSum joined) {
      return new Membership(joined, side ^ SIDE, new Membership(sum, side, null));
    }
  }
}
