package io.evenkeel.outlier;

import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one endpoint has made of its calls of late. Ends of calls are written down without a lock
 * and without an allocation, by one to three atomic additions.
 *
 * <p>Thread-safe, except where a method says otherwise.
 */
public final class EndpointRecord {
  private static final VarHandle SUCCESSES = handle("successes", int.class);
  private static final VarHandle FAILURES = handle("failures", int.class);
  private static final VarHandle IN_A_ROW = handle("inARow", int.class);
  private static final VarHandle TIMED = handle("timed", int.class);
  private static final VarHandle JUDGEMENT_ASKED = handle("judgementAsked", boolean.class);
  private static final VarHandle LATENCIES = handle("latencies", long.class);

  /** How much of what a server says of its failure is kept, in characters. */
  private static final int MOST_DESCRIPTION = 200;

  private final OutlierDetector detector;
  final EjectionListener listener;

  /** What the detector has decided. */
  enum Verdict {
    SERVING,
    EJECTED,
    PROBATION
  }

  private volatile Verdict verdict = Verdict.SERVING;

  // Of the current interval, but for the row.
  @SuppressWarnings("UnusedVariable") // written through SUCCESSES
  private volatile int successes;

  @SuppressWarnings("UnusedVariable") // written through FAILURES
  private volatile int failures;

  @SuppressWarnings("UnusedVariable") // written through LATENCIES
  private volatile long latencies; // of timed successes, in nanoseconds

  @SuppressWarnings("UnusedVariable") // written through TIMED
  private volatile int timed; // successes, as none are timed until somebody wants to know

  private volatile int inARow; // failures since the last success
  private volatile Status lastFailure = Status.OK;

  @SuppressWarnings("UnusedVariable") // written through JUDGEMENT_ASKED
  private volatile boolean judgementAsked; // and not yet begun

  // What follows is for the synchronization context only.
  final Term term = new Term();

  EndpointRecord(OutlierDetector detector, EjectionListener listener) {
    this.detector = detector;
    this.listener = listener;
  }

  /**
   * An attempt on the endpoint has ended.
   *
   * @param fromServer whether {@code status} was sent by the server
   * @param latencyNanos how long it took; negative when nobody has looked
   */
  public void onEnd(Status status, boolean fromServer, long latencyNanos) {
    Verdict current = verdict;
    // What an ejected endpoint still answers was asked before, and says nothing new.
    if (current == Verdict.EJECTED || status.getCode() == Status.Code.CANCELLED) {
      return;
    }
    boolean failed = detector.isFailure(status, fromServer);
    if (current == Verdict.PROBATION) {
      detector.onProbe(this, failed ? status : Status.OK);
    } else if (failed) {
      failed(status);
    } else {
      succeeded(latencyNanos);
    }
  }

  private void failed(Status status) {
    FAILURES.getAndAdd(this, 1);
    lastFailure = status;
    detector.onFailure(this, (int) IN_A_ROW.getAndAdd(this, 1) + 1);
  }

  private void succeeded(long latencyNanos) {
    SUCCESSES.getAndAdd(this, 1);
    if (inARow != 0) {
      inARow = 0;
    }
    if (latencyNanos > 0) {
      LATENCIES.getAndAdd(this, latencyNanos);
      TIMED.getAndAdd(this, 1);
    }
  }

  /** Whether the row is to be handed over now: not while that has been done already. */
  boolean askForJudgement() {
    return JUDGEMENT_ASKED.compareAndSet(this, false, true);
  }

  /** The row is looked at after this, so that a failure that comes later asks anew. */
  void beginJudgement() {
    judgementAsked = false;
  }

  Verdict verdict() {
    return verdict;
  }

  /** Begins anew under {@code verdict}. Synchronization context only. */
  void enter(Verdict verdict) {
    this.verdict = verdict;
    inARow = 0;
    take();
  }

  int inARow() {
    return inARow;
  }

  /** {@code UNAVAILABLE: refused}. */
  String lastFailure() {
    return describe(lastFailure);
  }

  static String describe(Status status) {
    String description = status.getDescription();
    if (description == null) {
      return status.getCode().toString();
    }
    boolean isLong = description.length() > MOST_DESCRIPTION;
    String text = isLong ? description.substring(0, MOST_DESCRIPTION) + "…" : description;
    return status.getCode() + ": " + text;
  }

  /** The results since this was last asked. */
  Results take() {
    return new Results(
        this,
        (int) SUCCESSES.getAndSet(this, 0),
        (int) FAILURES.getAndSet(this, 0),
        (int) TIMED.getAndSet(this, 0),
        (long) LATENCIES.getAndSet(this, 0L));
  }

  /**
   * The results of an interval.
   *
   * @param timed how many of the successes have a latency
   * @param latencies of these together, in nanoseconds
   */
  record Results(EndpointRecord owner, int successes, int failures, int timed, long latencies) {

    int calls() {
      return successes + failures;
    }

    /** 0 to 1. */
    double successRate() {
      return (double) successes / calls();
    }

    double meanLatencyNanos() {
      return (double) latencies / timed;
    }

    String describe() {
      return String.format(Locale.ROOT, "%d of %d calls failed", failures, calls());
    }
  }

  /** How the endpoint stands with the detector. Synchronization context only. */
  static final class Term {
    int multiplier; // of the base ejection time; falls while the endpoint behaves
    int probesPassed;
    boolean grace; // not judged by rates at the end of this interval
    @Nullable ScheduledHandle end;
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(EndpointRecord.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
