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
  private static final VarHandle SUSPECTED = handle("suspected", boolean.class);
  private static final VarHandle LATENCIES = handle("latencies", long.class);

  /** How much of what a server says of its failure is kept, in characters. */
  private static final int MOST_DESCRIPTION = 200;

  private final Judge judge;
  final EjectionListener listener;

  /** What a record does not decide by itself. Thread-safe. */
  interface Judge {
    /** Whether {@code status} is the endpoint's failure. */
    boolean isFailure(Status status, boolean fromServer);

    /** How many failures in a row are too many; 0 when none are. */
    int tooMany();

    /** There are too many in a row. */
    void onRow(EndpointRecord record);

    /** A row has begun, or goes on. */
    void onSuspicion(EndpointRecord record);

    /**
     * A call has ended that began on probation.
     *
     * @param begun the probation that it began in
     * @param result OK unless the endpoint has failed it
     */
    void onProbe(EndpointRecord record, Stage begun, Status result);
  }

  /** What the detector has decided. */
  enum Verdict {
    SERVING,
    EJECTED,
    PROBATION
  }

  private volatile Stage stage = new Stage(Verdict.SERVING);

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

  @SuppressWarnings("UnusedVariable") // written through SUSPECTED
  private volatile boolean suspected; // and not yet looked at again

  // What follows is for the synchronization context only.
  final Term term = new Term();

  EndpointRecord(Judge judge, EjectionListener listener) {
    this.judge = judge;
    this.listener = listener;
  }

  /**
   * The time through which a verdict lasts. What was asked in another says nothing of the endpoint
   * as it is now, so an attempt counts in the stage alone that it began in. Thread-safe.
   */
  public final class Stage {
    private final Verdict verdict;

    private Stage(Verdict verdict) {
      this.verdict = verdict;
    }

    /**
     * An attempt that began in this stage has ended.
     *
     * @param fromServer whether {@code status} was sent by the server
     * @param latencyNanos how long it took; negative when nobody has looked
     */
    public void onEnd(Status status, boolean fromServer, long latencyNanos) {
      // An ejected endpoint may get calls in a panic, but they do not bring it back.
      if (stage != this
          || verdict == Verdict.EJECTED
          || status.getCode() == Status.Code.CANCELLED) {
        return;
      }
      boolean failed = judge.isFailure(status, fromServer);
      if (verdict == Verdict.PROBATION) {
        judge.onProbe(EndpointRecord.this, this, failed ? status : Status.OK);
      } else if (failed) {
        failed(status);
      } else {
        succeeded(latencyNanos);
      }
    }
  }

  /** What attempts that begin now are to be counted in. */
  public Stage stage() {
    return stage;
  }

  private void failed(Status status) {
    FAILURES.getAndAdd(this, 1);
    lastFailure = status;
    int row = (int) IN_A_ROW.getAndAdd(this, 1) + 1;
    int tooMany = judge.tooMany();
    if (tooMany == 0) {
      return;
    }
    // Each further row of the same length asks again: as many as may be out were out before.
    if (row % tooMany == 0 && JUDGEMENT_ASKED.compareAndSet(this, false, true)) {
      judge.onRow(this);
    } else if (row < tooMany && SUSPECTED.compareAndSet(this, false, true)) {
      judge.onSuspicion(this);
    }
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

  /** The row is looked at after this, so that a failure that comes later asks anew. */
  void beginJudgement() {
    judgementAsked = false;
  }

  /** The row is looked at after this, so that a failure that comes later is seen. */
  void endSuspicion() {
    suspected = false;
  }

  Verdict verdict() {
    return stage.verdict;
  }

  /** Begins anew under {@code verdict}. Synchronization context only. */
  void enter(Verdict verdict) {
    stage = new Stage(verdict);
    inARow = 0;
    suspected = false;
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
    @Nullable ScheduledHandle suspicion;

    /** Ends its timers. */
    void close() {
      OutlierDetector.cancel(end);
      OutlierDetector.cancel(suspicion);
    }
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(EndpointRecord.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
