package io.evenkeel.demo;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that is handed to its service later, without a thread that waits.
 *
 * <p>What gRPC reports meanwhile is kept and told to the service then; gRPC sends no message before
 * it is asked for one, so that is a handful of events. A call that is cancelled meanwhile never
 * reaches the service.
 */
final class DelayedCall<ReqT> extends ServerCall.Listener<ReqT> {
  private final Supplier<ServerCall.Listener<ReqT>> service;
  private final Context context = Context.current();
  private final SynchronizationContext events;
  private final List<Consumer<ServerCall.Listener<ReqT>>> kept = new ArrayList<>(); // in events
  private ServerCall.@Nullable Listener<ReqT> started; // in events
  private boolean cancelled; // in events

  /**
   * @param service starts the call at the service
   */
  DelayedCall(ServerCall<ReqT, ?> call, Supplier<ServerCall.Listener<ReqT>> service) {
    this.service = service;
    this.events =
        new SynchronizationContext(
            (thread, error) -> call.close(Status.UNKNOWN.withCause(error), new Metadata()));
  }

  /** Starts the clock; called once. */
  void startAfter(long nanos, ScheduledExecutorService timer) {
    ScheduledFuture<?> start =
        timer.schedule(
            () -> events.execute(context.wrap(this::begin)), nanos, TimeUnit.NANOSECONDS);
    context.addListener(ended -> start.cancel(false), Runnable::run);
  }

  private void begin() {
    if (cancelled) {
      return;
    }
    ServerCall.Listener<ReqT> listener = service.get();
    started = listener;
    kept.forEach(event -> event.accept(listener));
    kept.clear();
  }

  private void tell(Consumer<ServerCall.Listener<ReqT>> event) {
    events.execute(context.wrap(() -> tellOrKeep(event)));
  }

  private void tellOrKeep(Consumer<ServerCall.Listener<ReqT>> event) {
    if (started == null) {
      kept.add(event);
    } else {
      event.accept(started);
    }
  }

  @Override
  public void onMessage(ReqT message) {
    tell(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    events.execute(() -> cancelled = true);
    tell(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    tell(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }
}
