package io.evenkeel.server;

import io.evenkeel.load.LoadReportMethod;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the calls that run at once on the whole server, and counts them.
 *
 * <p>A call beyond the limit is refused with RESOURCE_EXHAUSTED before any of its work is done. A
 * call counts from its headers until gRPC says that it is over, exactly once however it ends. Calls
 * for its health and its load neither count nor are refused: an overloaded server must not look
 * like a dead one.
 *
 * <p>Thread-safe; costs one compare-and-set at either end of a call.
 */
final class CallLimiter implements ServerInterceptor {
  private final int limit;
  private final AtomicInteger inFlight = new AtomicInteger();

  CallLimiter(int limit) {
    this.limit = limit;
  }

  int inFlight() {
    return inFlight.get();
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    if (isAboutTheServer(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    if (!tryAcquire()) {
      call.close(refusal(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Permit permit = new Permit();
    try {
      return new EndListener<>(next.startCall(call, headers), permit::release);
    } catch (RuntimeException | Error e) {
      // Nobody will be told how this call ends.
      permit.release();
      throw e;
    }
  }

  /** Whether {@code service} tells of the server itself, and is no part of its work. */
  static boolean isAboutTheServer(@Nullable String service) {
    return HealthGrpc.SERVICE_NAME.equals(service) || LoadReportMethod.SERVICE.equals(service);
  }

  private boolean tryAcquire() {
    // Never increments beyond the limit, not even for a moment: a burst of refusals must not refuse
    // the call that would have fitted.
    int running = inFlight.get();
    while (running < limit) {
      int witness = inFlight.compareAndExchange(running, running + 1);
      if (witness == running) {
        return true;
      }
      running = witness;
    }
    return false;
  }

  private Status refusal() {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "the server runs "
            + limit
            + " calls, its limit (max-concurrent-calls); try another server, or later");
  }

  /** One call's place under the limit. */
  private final class Permit {
    private final AtomicBoolean released = new AtomicBoolean();

    void release() {
      if (released.compareAndSet(false, true)) {
        inFlight.decrementAndGet();
      }
    }
  }
}
