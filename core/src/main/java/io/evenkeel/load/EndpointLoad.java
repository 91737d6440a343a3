package io.evenkeel.load;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
public final class EndpointLoad extends ClientStreamTracer.Factory {
  private static final VarHandle IN_FLIGHT;
  private static final VarHandle STARTED;
  private static final VarHandle FAILURES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      IN_FLIGHT = lookup.findVarHandle(EndpointLoad.class, "inFlight", int.class);
      STARTED = lookup.findVarHandle(EndpointLoad.class, "started", long.class);
      FAILURES = lookup.findVarHandle(EndpointLoad.class, "failures", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int JOINED = 1;
  private static final int ONE_ATTEMPT = 2;

  private final LoadSum sum;

  /**
   * Twice the attempts, plus one while they count in the sum: as both are read and written in one
   * step, each change falls either before the endpoint joins or after, never between.
   */
  @SuppressWarnings("UnusedVariable") // written through IN_FLIGHT
  private volatile int inFlight;

  @SuppressWarnings("UnusedVariable") // written through STARTED
  private volatile long started;

  private volatile @Nullable ConnectionEpoch epoch; // made by the first attempt that needs it
  private volatile @Nullable Runnable watcher;
  private volatile @Nullable Latency latency; // null unless the policy wants it
  private volatile @Nullable ReportedLoad reported; // null unless the policy wants it

  @SuppressWarnings("UnusedVariable") // written through FAILURES
  private volatile long failures;

  private @Nullable LoadHistory past; // null while there is none; sync context only

  /** The load of an endpoint that is compared with no other. */
  public EndpointLoad() {
    this(new LoadSum());
  }

  /** The load of one of the endpoints that may join {@code sum}. */
  public EndpointLoad(LoadSum sum) {
    this.sum = sum;
  }

  /** Attempts that run on this endpoint now. */
  public int inFlight() {
    return inFlight >> 1;
  }

  /** What all endpoints of this balancer carry that have joined it. */
  public LoadSum sum() {
    return sum;
  }

  /** Counts in the sum from now on. Joining twice is joining once. Synchronization context only. */
  public void joinSum() {
    if ((inFlight & JOINED) == 0) {
      sum.add((int) IN_FLIGHT.getAndAdd(this, JOINED) >> 1);
    }
  }

  /** Counts in the sum no more. Synchronization context only. */
  public void leaveSum() {
    if ((inFlight & JOINED) != 0) {
      sum.add(-((int) IN_FLIGHT.getAndAdd(this, -JOINED) >> 1));
    }
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

  /** Measures nothing more than attempts and failures. Synchronization context only. */
  public void stopMeasuring() {
    past = history();
    latency = null;
    reported = null;
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

  /**
   * Runs {@code watcher} after each change of {@link #inFlight} from now on, on the thread that
   * makes it, in place of the watcher before. It must not block or throw. Synchronization context
   * only.
   */
  public void watch(Runnable watcher) {
    this.watcher = watcher;
  }

  /** Undoes {@link #watch}, unless another watcher has come since. Synchronization context only. */
  public void unwatch(Runnable watcher) {
    if (this.watcher == watcher) {
      this.watcher = null;
    }
  }

  /** Whether somebody is told of the changes of {@link #inFlight}. */
  public boolean watched() {
    return watcher != null;
  }

  /** Attempts that were ever started on this endpoint. */
  public long started() {
    return started;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    STARTED.getAndAdd(this, 1L);
    CallAttempts attempts = info.getCallOptions().getOption(CallAttempts.KEY);
    Latency measured = latency;
    ConnectionEpoch ownEpoch = attempts == null ? currentEpoch() : null;
    if (measured != null) {
      return timed(measured, attempts, ownEpoch);
    }
    Attempt attempt = new Attempt(this, ownEpoch);
    if (attempts != null) {
      attempts.add(attempt);
    }
    return attempt;
  }

  /**
   * Forgets the attempts that only their connection could have ended. Called when the connection is
   * gone.
   */
  public synchronized void connectionLost() {
    ConnectionEpoch ended = epoch;
    if (ended != null) {
      epoch = null;
      add(-ended.end());
    }
    Latency measured = latency;
    if (measured != null) {
      measured.closeAll();
    }
    ReportedLoad weighed = reported;
    if (weighed != null) {
      weighed.connectionLost();
    }
  }

  void add(int delta) {
    int before = (int) IN_FLIGHT.getAndAdd(this, delta * ONE_ATTEMPT);
    if ((before & JOINED) != 0) {
      sum.add(delta);
    }
    Runnable told = watcher;
    if (told != null) {
      told.run();
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

  void addFailure() {
    FAILURES.getAndAdd(this, 1L);
  }

  private TimedAttempt timed(
      Latency measured, @Nullable CallAttempts attempts, @Nullable ConnectionEpoch ownEpoch) {
    TimedAttempt attempt = new TimedAttempt(this, ownEpoch, measured);
    if (attempts != null) {
      if (attempts.endsWithItsAnswer()) {
        measured.open(attempt);
      }
      attempts.add(attempt);
    }
    return attempt;
  }

  private ConnectionEpoch currentEpoch() {
    ConnectionEpoch current = epoch;
    return current == null ? newEpoch() : current;
  }

  private synchronized ConnectionEpoch newEpoch() {
    ConnectionEpoch current = epoch;
    if (current == null) {
      current = new ConnectionEpoch();
      epoch = current;
    }
    return current;
  }
}
