package io.evenkeel.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows the calls that are open, so that they can be ended from outside with a status of our
 * choice. Thread-safe.
 */
final class OpenCalls implements ServerInterceptor {
  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Status ended;

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    EndableCall<ReqT, RespT> endable = new EndableCall<>(call);
    open.add(endable);
    try {
      endIfAllAre(endable);
      return new EndListener<>(next.startCall(endable, headers), () -> open.remove(endable));
    } catch (RuntimeException | Error e) {
      open.remove(endable);
      throw e;
    }
  }

  /** Ends all calls, and those that are still to come. */
  void end(Status status) {
    ended = status;
    open.forEach(call -> call.end(status));
  }

  private void endIfAllAre(EndableCall<?, ?> call) {
    Status status = ended;
    if (status != null) {
      call.end(status);
    }
  }

  /**
   * A call that may be ended while its handler still sends; what the handler sends afterwards is
   * dropped.
   */
  private static final class EndableCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private boolean closed; // guarded by this

    EndableCall(ServerCall<ReqT, RespT> delegate) {
      super(delegate);
    }

    void end(Status status) {
      close(status, new Metadata());
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(RespT message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }
}
