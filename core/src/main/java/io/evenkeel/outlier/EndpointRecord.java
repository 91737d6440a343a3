package io.evenkeel.outlier;

import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one endpoint has made of its calls of late. Ends of calls are written down without a lock
 * and without an allocation, by one or two atomic additions.
 *
 * <p>Thread-safe, except where a method says otherwise.
 */
public final class EndpointRecord {
  private static final VarHandle SUCCESSES = handle("successes", int.class);
  private static final VarHandle FAILURES = handle("failures", int.class);
  private static final VarHandle IN_A_ROW = handle("inARow", int.class);
  private static final VarHandle LATENCIES = handle("latencies", long.class);

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
  private volatile long latencies; // of successes, in nanoseconds

  private volatile int inARow; // failures since the last success
  private volatile Status lastFailure = Status.OK;

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
    }
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
    return status.getCode() + (description == null ? "" : ": " + description);
  }

  /** The results since this was last asked. */
  Results take() {
    return new Results(
        this,
        (int) SUCCESSES.getAndSet(this, 0),
        (int) FAILURES.getAndSet(this, 0),
        (long) LATENCIES.getAndSet(this, 0L));
  }

  /**
   * The results of an interval.
   *
   * @param latencies of the successes together, in nanoseconds
   */
  record Results(EndpointRecord owner, int successes, int failures, long latencies) {

    int calls() {
      return successes + failures;
    }

    /** 0 to 1. */
    double successRate() {
      return (double) successes / calls();
    }

    double meanLatencyNanos() {
      return (double) latencies / successes;
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
