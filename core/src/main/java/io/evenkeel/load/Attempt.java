package io.evenkeel.load;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call on one endpoint, counted from {@link #start} until it is first released. It
 * is its own link in the list of its call's attempts. Thread-safe.
 */
class Attempt extends ClientStreamTracer {
  private static final VarHandle RELEASED;
  private static final VarHandle WAITING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RELEASED = lookup.findVarHandle(Attempt.class, "released", boolean.class);
      WAITING = lookup.findVarHandle(Attempt.class, "waiting", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final EndpointLoad load;
  final @Nullable CallAttempts call; // null when nothing tells of the end of the call
  private char connection; // the number of the one that it belongs to

  private volatile boolean released;
  private volatile boolean waiting; // in the transport, for a stream or for the network

  private boolean created; // gRPC closes no stream before it has created it
  private boolean closed;
  private @Nullable Metadata trailers; // once they have come

  @Nullable Attempt next; // written by CallAttempts before it publishes this attempt

  Attempt(EndpointLoad load, @Nullable CallAttempts call) {
    this.load = load;
    this.call = call;
  }

  /** Counts from now on. Called once, before gRPC sees it. */
  final void start() {
    if (call == null) {
      connection = load.startLoose();
    } else {
      connection = load.connection();
      load.startOwned();
      call.add(this);
    }
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    created = true;
    waiting = load.startWaiting();
    if (released) {
      endWaiting(); // its call has ended meanwhile, and this stream will not be closed
    }
  }

  @Override
  public final void outboundHeaders() {
    endWaiting();
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    this.trailers = trailers;
    load.onTrailers(trailers);
    if (call != null) {
      call.onTrailers(trailers);
    }
  }

  @Override
  public final void streamClosed(Status status) {
    if (closed) {
      return; // gRPC closes a stream once, on one thread
    }
    closed = true;
    if (status.getCode() == Status.Code.UNKNOWN) {
      keepFromRetry(status);
    }
    endWaiting();
    if (created) {
      closed(Outcome.of(status), status);
    } else {
      // What failed before there was a stream, such as the call's credentials, is not the
      // endpoint's.
      release();
    }
  }

  /** The stream is over. */
  void closed(Outcome outcome, Status status) {
    if (call != null && !status.isOk()) {
      call.failed(status, trailers == null);
    }
    load.onOutcome(outcome);
    release();
  }

  /** Counts no more. Safe to call twice. */
  void release() {
    if (call == null) {
      load.endLoose(connection); // nobody but the end of the stream comes here, once
    } else if (RELEASED.compareAndSet(this, false, true)) {
      endWaiting(); // gRPC neither sends nor closes a stream that it drops before it starts
      load.endOwned();
    }
  }

  /** Whether it counts as one of its call that is not over. */
  final boolean open() {
    return !released;
  }

  /** Whether it is over, and so is the connection of the endpoint that it was made on. */
  final boolean lostItsConnection() {
    return released && connection != load.connection();
  }

  /** gRPC looks at the trailers next, and passes them on to the call that it ends. */
  private void keepFromRetry(Status unknown) {
    Metadata known = trailers;
    if (call != null
        && known != null
        && load.retriesOnlyLost()
        && !LostConnection.isMeantBy(unknown)
        && !known.containsKey(PushBack.TRAILER)) {
      call.forbidRetry(known);
    }
  }

  private void endWaiting() {
    if (waiting && WAITING.compareAndSet(this, true, false)) {
      load.endWaiting();
    }
  }
}
