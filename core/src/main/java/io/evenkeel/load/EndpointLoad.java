package io.evenkeel.load;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one endpoint carries, and how it has fared: the attempts in flight and the failures, and the
 * latency where a policy asks for it. gRPC asks it for a tracer for each attempt.
 *
 * <h2>Counting without drift</h2>
 *
 * gRPC makes a tracer for every attempt, but does not close every tracer: an attempt whose
 * credentials arrive after its deadline, or that is cancelled while it waits for a connection,
 * leaves its tracer open for ever. So
 *
 * <ol>
 *   <li>an attempt is counted when its tracer is made, and released once, by whoever comes first;
 *   <li>when the call carries {@link CallAttempts}, the end of the call releases what its tracers
 *       did not;
 *   <li>when it does not, the count belongs to the connection: {@link #connectionLost} forgets what
 *       is left.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class EndpointLoad extends AttemptCounts {
  /** The limit of an endpoint that has none. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final VarHandle FAILURES;
  private static final AtomicLong OBSERVER_FAULTS = new AtomicLong();

  static {
    try {
      FAILURES = MethodHandles.lookup().findVarHandle(EndpointLoad.class, "failures", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int limit = UNLIMITED;
  private volatile @Nullable Latency latency; // null unless the policy wants it
  private volatile @Nullable ReportedLoad reported; // null unless the policy wants it
  private volatile @Nullable AttemptObserver observer;
  private volatile @Nullable LingerRules lingerRules; // null unless the policy wants it
  private volatile @Nullable LingeringFailures lingering; // null while there are none

  @SuppressWarnings("UnusedVariable") // written through FAILURES
  private volatile long failures;

  private volatile boolean retriesOnlyLost;

  private @Nullable LoadHistory past; // null while there is none; sync context only

  /** How often observers of any endpoint of this process have thrown. */
  public static long observerFaults() {
    return OBSERVER_FAULTS.get();
  }

  static void countObserverFault() {
    OBSERVER_FAULTS.incrementAndGet();
  }

  /** How many attempts it may have in flight; {@link #UNLIMITED} unless somebody has said so. */
  public int limit() {
    return limit;
  }

  /** Lets it have {@code limit} attempts in flight, 1 or more. It is for pickers to heed. */
  public void limit(int limit) {
    this.limit = limit;
  }

  /**
   * Whether UNKNOWN is retried for the sake of lost connections only: gRPC is kept from it when a
   * server has said UNKNOWN. Synchronization context only.
   */
  public void retryOnlyLost(boolean onlyLost) {
    retriesOnlyLost = onlyLost;
  }

  boolean retriesOnlyLost() {
    return retriesOnlyLost;
  }

  /** Whether it has as many attempts in flight as it may have. */
  public boolean full() {
    int most = limit;
    return most != UNLIMITED && inFlight() >= most;
  }

  /**
   * What a policy compares that prefers the less busy: the attempts in flight, and those that have
   * just failed where it has asked for that ({@link #lingerFailures}). An endpoint that fails at
   * once is never busy, and would otherwise draw all calls.
   */
  public int burden() {
    LingeringFailures failed = lingering;
    return failed == null ? inFlight() : inFlight() + failed.count();
  }

  /** The part of {@link #burden} that has failed. */
  public int lingeringFailures() {
    LingeringFailures failed = lingering;
    return failed == null ? 0 : failed.count();
  }

  /**
   * Lets each attempt that fails count in {@link #burden} until the endpoint next answers or is
   * forgiven, at most {@link LingerRules#LINGER} after the first. Synchronization context only.
   */
  public void lingerFailures(LingerRules rules) {
    lingerRules = rules;
  }

  /**
   * Has policies try it again that avoid it for its failures: they weigh no more, and its latency
   * is what it was before them. The next failure counts as any. Any thread.
   */
  public void forgiveFailures() {
    forgetFailures();
    Latency measured = latency;
    if (measured != null) {
      measured.forgiveFailures();
    }
  }

  /** Has policies treat it as one that has no latency yet. Any thread. */
  public void forgetLatency() {
    Latency measured = latency;
    if (measured != null) {
      measured.forget();
    }
  }

  /**
   * Tells {@code observer} of the attempts that start from now on, in place of the observer before;
   * null for nobody. Synchronization context only.
   */
  public void observe(@Nullable AttemptObserver observer) {
    this.observer = observer;
  }

  /**
   * Attempts that the endpoint has failed: it was not available, out of resources or broken, or did
   * not answer before the deadline.
   */
  public long failures() {
    return failures;
  }

  /** The latency of its attempts; null unless a policy has asked to measure it. */
  public @Nullable Latency latency() {
    return latency;
  }

  /**
   * Measures the latency of the attempts that start from now on, by {@code rules}. What was
   * measured before by other rules is where it begins. Synchronization context only.
   */
  public Latency measureLatency(LatencyRules rules) {
    Latency current = latency;
    if (current != null && current.rules().equals(rules)) {
      return current;
    }
    Latency started = new Latency(rules, history());
    latency = started;
    return started;
  }

  /**
   * Takes the endpoint's own reports of its load, by {@code rules}. Synchronization context only.
   */
  public ReportedLoad takeReports(ReportRules rules) {
    ReportedLoad current = reported;
    if (current != null && current.rules().equals(rules)) {
      return current;
    }
    ReportedLoad started = new ReportedLoad(rules);
    reported = started;
    return started;
  }

  /**
   * Measures nothing more than attempts and failures for the policy; an observer stays.
   * Synchronization context only.
   */
  public void stopMeasuring() {
    past = history();
    latency = null;
    reported = null;
    close();
  }

  /** Ends its timer. What fails from now on does not linger. Synchronization context only. */
  public void close() {
    synchronized (this) {
      lingerRules = null;
      LingeringFailures failed = lingering;
      if (failed == null) {
        return;
      }
      lingering = null;
      failed.close();
    }
    tellWatcher();
  }

  /** What there is to remember. Synchronization context only. */
  public LoadHistory history() {
    Latency current = latency;
    if (current != null) {
      return current.history(failures);
    }
    LoadHistory known = past == null ? LoadHistory.NONE : past;
    return new LoadHistory(known.latencyNanos(), known.measuredAtNanos(), failures);
  }

  /** Goes on where {@code history} ends. Synchronization context only, before the first attempt. */
  public void resume(LoadHistory history) {
    past = history;
    FAILURES.setVolatile(this, history.failures());
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    Attempt attempt = newAttempt(info.getCallOptions().getOption(CallAttempts.KEY));
    attempt.start();
    return attempt;
  }

  /**
   * Forgets the attempts that only their connection could have ended. Called when the connection is
   * gone. Synchronization context only.
   */
  public void connectionLost() {
    endConnection();
    Latency measured = latency;
    if (measured != null) {
      measured.closeAll();
    }
    ReportedLoad weighed = reported;
    if (weighed != null) {
      weighed.connectionLost();
    }
  }

  /** The trailers of an attempt, with a report perhaps. */
  void onTrailers(Metadata trailers) {
    ReportedLoad wanted = reported;
    if (wanted != null && wanted.rules().source() == ReportRules.Source.TRAILERS) {
      byte[] report = trailers.get(LoadReport.TRAILER);
      if (report != null) {
        wanted.accept(report);
      }
    }
  }

  /** A report from a stream of its own. */
  void onReport(byte[] report) {
    ReportedLoad wanted = reported;
    if (wanted != null) {
      wanted.accept(report);
    }
  }

  /** The stream of an attempt has ended; it still counts as in flight. */
  void onOutcome(Outcome outcome) {
    if (outcome.isFailure()) {
      FAILURES.getAndAdd(this, 1L);
    }
    if (outcome == Outcome.FAILED) {
      linger();
    } else if (lingering != null && outcome.isAnswer()) {
      forgetFailures();
    }
  }

  private Attempt newAttempt(@Nullable CallAttempts call) {
    Latency measured = latency;
    AttemptObserver watching = observer;
    if (watching != null) {
      return new ObservedAttempt(this, call, watching, measured);
    }
    return measured == null
        ? new Attempt(this, call)
        : new TimedAttempt(this, call, measured.clock(), measured);
  }

  private void linger() {
    synchronized (this) {
      LingerRules rules = lingerRules;
      if (rules == null) {
        return;
      }
      if (lingering == null) {
        lingering = new LingeringFailures(rules, this::onLingered);
      }
      lingering.add();
    }
    tellWatcher();
  }

  /** The timer of {@code failed} has run out. */
  private void onLingered(LingeringFailures failed) {
    synchronized (this) {
      if (lingering != failed || !failed.expire()) {
        return;
      }
      lingering = null;
    }
    tellWatcher();
  }

  private void forgetFailures() {
    synchronized (this) {
      LingeringFailures failed = lingering;
      if (failed == null || failed.count() == 0) {
        return;
      }
      failed.forget();
    }
    tellWatcher();
  }
}
