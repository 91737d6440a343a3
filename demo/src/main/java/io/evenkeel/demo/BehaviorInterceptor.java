package io.evenkeel.demo;

import io.evenkeel.demo.Behavior.Ending;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Makes a call misbehave as its header {@code behavior} says, or as the process does by default.
 *
 * <p>A call that sleeps or hangs holds no thread, and ends at once when it is cancelled or its
 * deadline passes.
 */
final class BehaviorInterceptor implements ServerInterceptor {
  static final Metadata.Key<String> BEHAVIOR =
      Metadata.Key.of("behavior", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private final Behavior byDefault;
  private final ScheduledExecutorService timer;

  BehaviorInterceptor(Behavior byDefault, ScheduledExecutorService timer) {
    this.byDefault = byDefault;
    this.timer = timer;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Behavior behavior;
    try {
      behavior = behaviorOf(headers);
    } catch (IllegalArgumentException malformed) {
      return refuse(call, Status.INVALID_ARGUMENT.withDescription(malformed.getMessage()));
    }
    if (behavior.sleepNanos() > 0) {
      DelayedCall<ReqT> delayed =
          new DelayedCall<>(call, () -> after(behavior, call, headers, next));
      delayed.startAfter(behavior.sleepNanos(), timer);
      return delayed;
    }
    return after(behavior, call, headers, next);
  }

  private Behavior behaviorOf(Metadata headers) {
    String text = headers.get(BEHAVIOR);
    return text == null ? byDefault : Behavior.parse(text);
  }

  /** What happens once the call has slept. */
  private static <ReqT, RespT> ServerCall.Listener<ReqT> after(
      Behavior behavior,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    Status.Code failure = behavior.failureOf(attemptOf(headers));
    if (failure != Status.Code.OK) {
      String description = "told to fail by the header \"behavior\"";
      return refuse(call, failure.toStatus().withDescription(description));
    }
    return behavior.ending() == Ending.HANG
        ? new ServerCall.Listener<>() {}
        : next.startCall(call, headers);
  }

  private static int attemptOf(Metadata headers) {
    String previous = headers.get(PREVIOUS_ATTEMPTS);
    try {
      return previous == null ? 0 : Integer.parseInt(previous);
    } catch (NumberFormatException notFromGrpc) {
      return 0;
    }
  }

  private static <ReqT, RespT> ServerCall.Listener<ReqT> refuse(
      ServerCall<ReqT, RespT> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
