package io.evenkeel.health;

import io.evenkeel.backoff.Retry;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import org.jspecify.annotations.Nullable;

/**
 * Watches the health service of one connection until it is stopped.
 *
 * <p>An endpoint without a health service counts as serving. A watch that brings no first answer,
 * in time or at all, means not serving. Any watch that ends is opened again after a back-off that
 * grows from one second to two minutes and starts over with each answer. When it had brought an
 * answer, that one stands until the next watch has had its chance: proxies end quiet streams, all
 * of them at once, and that must not become an outage. (The gRFC takes the endpoint out at once.)
 *
 * <p>Lives in the synchronization context: every method is called there, and so is the listener.
 *
 * @see <a
 *     href="https://github.com/grpc/proposal/blob/master/A17-client-side-health-checking.md">gRFC
 *     A17</a>
 */
public final class HealthWatch {
  private final Channel channel;
  private final HealthCheck check;
  private final HealthListener listener;
  private final Retry.Timing timing;
  private final Retry retry;

  private @Nullable Attempt current;

  /** A watch over {@code channel}, which reaches the one endpoint and nothing else. */
  public HealthWatch(
      Channel channel, HealthCheck check, HealthListener listener, Retry.Timing timing) {
    this.channel = channel;
    this.check = check;
    this.listener = listener;
    this.timing = timing;
    this.retry = new Retry(this::open, timing);
  }

  /** Opens the watch. */
  public void start() {
    retry.now();
  }

  /** Ends the watch; the listener hears nothing more. Safe to call twice. */
  public void stop() {
    retry.cancel();
    if (current != null) {
      current.end("health watch stopped");
      current = null;
    }
  }

  private void open() {
    current = new Attempt();
    current.start();
  }

  private void retryLater() {
    current = null;
    retry.later();
  }

  private Status notServing(String what) {
    return Status.UNAVAILABLE.withDescription("health service \"" + check.service() + "\" " + what);
  }

  /** One stream of verdicts. What arrives after its end is not heard. */
  private final class Attempt extends ClientCall.Listener<HealthCheckResponse> {
    private final ClientCall<HealthCheckRequest, HealthCheckResponse> call =
        channel.newCall(HealthGrpc.getWatchMethod(), CallOptions.DEFAULT);
    private @Nullable ScheduledHandle answerTimer;
    private boolean answered;

    void start() {
      answerTimer = timing.schedule(this::noAnswer, check.answerTimeout().toNanos());
      call.start(this, new Metadata());
      call.sendMessage(HealthCheckRequest.newBuilder().setService(check.service()).build());
      call.halfClose();
      call.request(1);
    }

    void end(String why) {
      stopTimer();
      call.cancel(why, null);
    }

    @Override
    public void onMessage(HealthCheckResponse response) {
      timing.syncContext().execute(() -> ifCurrent(() -> answered(response.getStatus())));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      timing.syncContext().execute(() -> ifCurrent(() -> closed(status)));
    }

    private void answered(ServingStatus status) {
      stopTimer();
      answered = true;
      retry.succeeded();
      call.request(1);
      if (status == ServingStatus.SERVING) {
        listener.onServing();
      } else {
        listener.onNotServing(notServing("answers " + status));
      }
    }

    private void closed(Status status) {
      stopTimer();
      if (status.getCode() == Status.Code.UNIMPLEMENTED) {
        current = null;
        listener.onServing();
        return;
      }
      retryLater();
      if (!answered) {
        listener.onNotServing(
            notServing("broke off its watch: " + status.getCode() + " " + status.getDescription()));
      }
    }

    private void noAnswer() {
      ifCurrent(
          () -> {
            call.cancel("no answer in time", null);
            retryLater();
            listener.onNotServing(notServing("gave no answer within " + check.answerTimeout()));
          });
    }

    private void ifCurrent(Runnable action) {
      if (current == this) {
        action.run();
      }
    }

    private void stopTimer() {
      if (answerTimer != null) {
        answerTimer.cancel();
        answerTimer = null;
      }
    }
  }
}
