package io.evenkeel.balancer;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.util.ForwardingClientStreamTracer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A stream that its {@link CountedConnection} counts, beside what the endpoint counts of it. */
final class CountedStream extends ForwardingClientStreamTracer {
  private static final VarHandle STAGE;

  private static final int GIVEN = 0;
  private static final int WAITING = 1;
  private static final int SENT = 2;
  private static final int ENDED = 3;

  static {
    try {
      STAGE = MethodHandles.lookup().findVarHandle(CountedStream.class, "stage", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ClientStreamTracer delegate;
  private final CountedConnection connection;

  @SuppressWarnings("UnusedVariable") // read and written through STAGE
  private volatile int stage = GIVEN;

  CountedStream(ClientStreamTracer delegate, CountedConnection connection) {
    this.delegate = delegate;
    this.connection = connection;
    connection.onGiven();
  }

  @Override
  protected ClientStreamTracer delegate() {
    return delegate;
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    if (STAGE.compareAndSet(this, GIVEN, WAITING)) {
      connection.onWaiting();
    }
    super.streamCreated(transportAttributes, headers);
  }

  @Override
  public void outboundHeaders() {
    super.outboundHeaders();
    if (STAGE.compareAndSet(this, WAITING, SENT)) {
      connection.onSent();
    }
  }

  @Override
  public void streamClosed(Status status) {
    int left = (int) STAGE.getAndSet(this, ENDED);
    if (left != ENDED) {
      connection.onEnded(left == WAITING, left == SENT);
    }
    super.streamClosed(status);
  }
}
