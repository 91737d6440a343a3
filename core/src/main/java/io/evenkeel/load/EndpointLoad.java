package io.evenkeel.load;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one endpoint carries: the attempts in flight. gRPC asks it for a tracer for each attempt.
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

  static {
    try {
      STARTED = MethodHandles.lookup().findVarHandle(EndpointLoad.class, "started", long.class);
      IN_FLIGHT = MethodHandles.lookup().findVarHandle(EndpointLoad.class, "inFlight", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // written through IN_FLIGHT
  private volatile int inFlight;

  @SuppressWarnings("UnusedVariable") // written through STARTED
  private volatile long started;

  private volatile @Nullable ConnectionEpoch epoch; // made by the first attempt that needs it
  private volatile @Nullable Runnable watcher;

  /** Attempts that run on this endpoint now. */
  public int inFlight() {
    return inFlight;
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
    if (attempts == null) {
      return new Attempt(this, currentEpoch());
    }
    Attempt attempt = new Attempt(this, null);
    attempts.add(attempt);
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
  }

  void add(int delta) {
    IN_FLIGHT.getAndAdd(this, delta);
    Runnable told = watcher;
    if (told != null) {
      told.run();
    }
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
