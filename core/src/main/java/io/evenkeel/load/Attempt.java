package io.evenkeel.load;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call on one endpoint, counted from its construction until it is first released.
 * It is its own link in the list of its call's attempts. Thread-safe.
 */
class Attempt extends ClientStreamTracer {
  private static final VarHandle RELEASED;

  static {
    try {
      RELEASED = MethodHandles.lookup().findVarHandle(Attempt.class, "released", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final EndpointLoad load;
  private final @Nullable ConnectionEpoch epoch;

  @SuppressWarnings("UnusedVariable") // written through RELEASED
  private volatile boolean released;

  private boolean created; // gRPC closes no stream before it has created it

  @Nullable Attempt next; // written by CallAttempts before it publishes this attempt

  Attempt(EndpointLoad load, @Nullable ConnectionEpoch epoch) {
    this.load = load;
    this.epoch = epoch;
    if (epoch == null || epoch.enter()) {
      load.add(1);
    } else {
      released = true;
    }
  }

  @Override
  public final void streamCreated(Attributes transportAttributes, Metadata headers) {
    created = true;
  }

  @Override
  public final void inboundTrailers(Metadata trailers) {
    load.onTrailers(trailers);
  }

  @Override
  public final void streamClosed(Status status) {
    // What failed before there was a stream, such as the call's credentials, is not the endpoint's.
    closed(created ? Outcome.of(status) : Outcome.ABANDONED);
  }

  /** The attempt is over. */
  void closed(Outcome outcome) {
    if (outcome.isFailure()) {
      load.addFailure();
    }
    release();
  }

  /** Counts no more. Safe to call twice. */
  void release() {
    if (RELEASED.compareAndSet(this, false, true) && (epoch == null || epoch.leave())) {
      load.add(-1);
    }
  }
}
